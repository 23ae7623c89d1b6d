//! `greeter.Greeter`: greetings, and requests that are streams.

mod replies;
mod streams;

use frontdesk::greeter::HelloRequest;

fn hello(name: &str) -> HelloRequest {
    HelloRequest { name: name.into() }
}
