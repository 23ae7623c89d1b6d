//! Serves the page, hands calls to it and receives the results.
//!
//! | request | response |
//! |---|---|
//! | `POST /next` | the next `ClientCompatRequest`, as soon as there is one; 410 after the last |
//! | `POST /done` | stores the `ClientCompatResponse` in the request's body |
//! | `POST /log` | prints the request's body to standard error |
//! | `GET` | the page and its files |

use std::{
    collections::HashMap,
    convert::Infallible,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use prost::Message as _;
use tokio::{
    fs,
    net::TcpListener,
    sync::{self, OwnedSemaphorePermit, Semaphore, mpsc},
};

use crate::proto::{ClientCompatRequest, ClientCompatResponse};

/// A browser opens six HTTP/1.1 connections to a server: more calls would wait for each other.
pub(super) const MAX_CONCURRENT_CALLS: usize = 6;

const DOCUMENT: &str = include_str!("page.html");

/// A call to make, and the receiver of its result.
pub(super) struct Job {
    pub(super) request: ClientCompatRequest,
    pub(super) results: mpsc::Sender<ClientCompatResponse>,
}

/// A call in progress.
struct ActiveCall {
    results: mpsc::Sender<ClientCompatResponse>,
    _permit: OwnedSemaphorePermit,
}

/// Serves one page.
pub(super) struct JobServer {
    page_folder: PathBuf,
    jobs: sync::Mutex<mpsc::Receiver<Job>>,
    /// By the name of the test, which is unique.
    active: Mutex<HashMap<String, ActiveCall>>,
    permits: Arc<Semaphore>,
}

impl JobServer {
    pub(super) fn new(page_folder: PathBuf, jobs: mpsc::Receiver<Job>) -> Self {
        Self {
            page_folder,
            jobs: sync::Mutex::new(jobs),
            active: Mutex::default(),
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT_CALLS)),
        }
    }

    /// Serves until the future is dropped.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener) {
        while let Ok((socket, _)) = listener.accept().await {
            let server = Arc::clone(&self);
            let service = service_fn(move |request| {
                let server = Arc::clone(&server);
                async move { Ok::<_, Infallible>(server.handle(request).await) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
        }
    }

    async fn handle(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let Ok(body) = body.collect().await else {
            return empty(StatusCode::BAD_REQUEST);
        };
        match (head.method, head.uri.path()) {
            (Method::POST, "/next") => match self.next_call().await {
                Some(request) => Response::new(Full::from(request.encode_to_vec())),
                None => empty(StatusCode::GONE),
            },
            (Method::POST, "/done") => empty(self.finish_call(body.to_bytes()).await),
            (Method::POST, "/log") => {
                let text = body.to_bytes();
                eprintln!("page: {}", String::from_utf8_lossy(&text));
                empty(StatusCode::NO_CONTENT)
            }
            (Method::GET, path) => self.file(path).await,
            _ => empty(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    async fn next_call(&self) -> Option<ClientCompatRequest> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok()?;
        let Job { request, results } = self.jobs.lock().await.recv().await?;
        let call = ActiveCall {
            results,
            _permit: permit,
        };
        self.active().insert(request.test_name.clone(), call);
        Some(request)
    }

    async fn finish_call(&self, result: Bytes) -> StatusCode {
        let Ok(result) = ClientCompatResponse::decode(result) else {
            return StatusCode::BAD_REQUEST;
        };
        let call = self.active().remove(&result.test_name);
        let Some(call) = call else {
            return StatusCode::NOT_FOUND;
        };
        match call.results.send(result).await {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::GONE,
        }
    }

    async fn file(&self, path: &str) -> Response<Full<Bytes>> {
        let read = |name| fs::read(self.page_folder.join(name));
        let (content_type, bytes) = match path {
            "/" => ("text/html; charset=utf-8", Ok(DOCUMENT.into())),
            "/page.js" => ("text/javascript", read("page.js").await),
            "/page_bg.wasm" => ("application/wasm", read("page_bg.wasm").await),
            _ => return empty(StatusCode::NOT_FOUND),
        };
        match bytes.map(|bytes| {
            Response::builder()
                .header(CONTENT_TYPE, content_type)
                .body(bytes)
        }) {
            Ok(Ok(response)) => response.map(Full::from),
            _ => empty(StatusCode::NOT_FOUND),
        }
    }

    fn active(&self) -> MutexGuard<'_, HashMap<String, ActiveCall>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
