//! Sockets without a call.

use super::{KIBIBYTE, MeasuredServer, open_socket, read_response};

/// The number of sockets, up to `wanted`, that the limit on open files permits.
fn permitted_sockets(wanted: usize) -> usize {
    // Each socket is a file of this process and one of the server.
    let both = u64::try_from(2 * wanted).expect("number");
    let limit = rlimit::increase_nofile_limit(both).expect("file limit");
    // The other half is for tests that run at the same time.
    let permitted = wanted.min(usize::try_from(limit / 2).unwrap_or(wanted));
    if permitted < wanted {
        eprintln!("limit of {limit} open files: {permitted} sockets instead of {wanted}");
    }
    permitted
}

#[tokio::test]
async fn an_idle_socket_costs_less_than_40_kib() {
    let sockets = permitted_sockets(10_000);
    let limit = (sockets + 100).to_string();
    let server = MeasuredServer::start(&[
        "--max-connections",
        &limit,
        "--max-sockets",
        &limit,
        "--max-client-sockets",
        &limit,
        "--max-client-connections",
        &limit,
        "--header-timeout",
        "300",
        "--keepalive",
        "300",
    ])
    .await;
    let mut open = Vec::with_capacity(sockets);
    while open.len() < sockets {
        // In small groups: the backlog of the listener is limited.
        let group = 100.min(sockets - open.len());
        let mut new = Vec::with_capacity(group);
        for _ in 0..group {
            new.push(open_socket(server.address()).await);
        }
        for socket in &mut new {
            let response = read_response(socket, 0).await;
            assert!(response.starts_with(b"HTTP/1.1 101 "));
        }
        open.append(&mut new);
    }
    server.assert_serves_others().await;
    server.assert_growth_below(sockets * 40 * KIBIBYTE);
    drop(open);
    server.assert_serves_others().await;
}
