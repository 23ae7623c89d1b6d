//! Where the page asks for calls to make and tells what came of them.
//!
//! | request | answer |
//! |---|---|
//! | `POST /next` | the next `ClientCompatRequest`, once there is one; 410 where there are no more |
//! | `POST /done` | takes a `ClientCompatResponse` |
//! | `POST /log` | takes a text for standard error |
//! | `GET` | the page and its files |

use std::{
    collections::HashMap,
    convert::Infallible,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
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

use crate::wire::{ClientCompatRequest, ClientCompatResponse};

/// Calls that the page makes at once. More would wait for each other: a browser opens six
/// connections to one server that speaks HTTP/1.1.
pub(super) const AT_ONCE: usize = 6;

const DOCUMENT: &str = include_str!("page.html");

/// A call to make, and where to what came of it.
pub(super) struct Job {
    pub(super) request: ClientCompatRequest,
    pub(super) answer: mpsc::Sender<ClientCompatResponse>,
}

/// A call that the page is making.
struct Begun {
    answer: mpsc::Sender<ClientCompatResponse>,
    _place: OwnedSemaphorePermit,
}

/// Serves one page.
pub(super) struct Desk {
    /// The folder of its files.
    page: PathBuf,
    asked: sync::Mutex<mpsc::Receiver<Job>>,
    /// By the test's name, which is given once.
    begun: Mutex<HashMap<String, Begun>>,
    places: Arc<Semaphore>,
}

impl Desk {
    pub(super) fn new(page: PathBuf, asked: mpsc::Receiver<Job>) -> Self {
        Self {
            page,
            asked: sync::Mutex::new(asked),
            begun: Mutex::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Answers until it is dropped.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener) {
        while let Ok((socket, _)) = listener.accept().await {
            let desk = Arc::clone(&self);
            let service = service_fn(move |request| {
                let desk = Arc::clone(&desk);
                async move { Ok::<_, Infallible>(desk.answer(request).await) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let Ok(body) = body.collect().await else {
            return plain(StatusCode::BAD_REQUEST);
        };
        match (head.method, head.uri.path()) {
            (Method::POST, "/next") => match self.next().await {
                Some(request) => Response::new(Full::from(request.encode_to_vec())),
                None => plain(StatusCode::GONE),
            },
            (Method::POST, "/done") => plain(self.done(body.to_bytes()).await),
            (Method::POST, "/log") => {
                let text = body.to_bytes();
                eprintln!("in the page: {}", String::from_utf8_lossy(&text));
                plain(StatusCode::NO_CONTENT)
            }
            (Method::GET, path) => self.file(path).await,
            _ => plain(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    async fn next(&self) -> Option<ClientCompatRequest> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let Job { request, answer } = self.asked.lock().await.recv().await?;
        let begun = Begun {
            answer,
            _place: place,
        };
        self.begun().insert(request.test_name.clone(), begun);
        Some(request)
    }

    async fn done(&self, answer: Bytes) -> StatusCode {
        let Ok(answer) = ClientCompatResponse::decode(answer) else {
            return StatusCode::BAD_REQUEST;
        };
        let begun = self.begun().remove(&answer.test_name);
        let Some(begun) = begun else {
            return StatusCode::NOT_FOUND;
        };
        match begun.answer.send(answer).await {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::GONE,
        }
    }

    async fn file(&self, path: &str) -> Response<Full<Bytes>> {
        let (media_type, bytes) = match path {
            "/" => ("text/html; charset=utf-8", Ok(DOCUMENT.into())),
            "/page.js" => ("text/javascript", fs::read(self.page.join("page.js")).await),
            "/page_bg.wasm" => {
                let file = self.page.join("page_bg.wasm");
                ("application/wasm", fs::read(file).await)
            }
            _ => return plain(StatusCode::NOT_FOUND),
        };
        match bytes.map(|bytes| {
            Response::builder()
                .header(CONTENT_TYPE, media_type)
                .body(bytes)
        }) {
            Ok(Ok(response)) => response.map(Full::from),
            _ => plain(StatusCode::NOT_FOUND),
        }
    }

    fn begun(&self) -> std::sync::MutexGuard<'_, HashMap<String, Begun>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
