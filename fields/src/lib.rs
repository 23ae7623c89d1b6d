//! What may stand in a user's fields: the rules live here and nowhere else, for the server and for
//! forms in the page. Knows neither the wire nor the tables, and builds for wasm32.

mod email;
mod name;
mod normal;
mod query;

pub use self::{
    email::{Email, EmailError},
    name::{Name, NameError},
    query::{Query, QueryError},
};
