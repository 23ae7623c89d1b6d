//! People as they are printed.

use frontdesk::user::UserResponse;

use crate::{
    cli::output::{Json, Out, Table, Unread, time},
    failure::Failure,
};

/// Of people who are there.
const HEADINGS: &[&str] = &["ID", "NAME", "EMAIL", "REVISION", "CHANGED"];
/// Of people in the bin.
const IN_BIN: &[&str] = &[
    "ID",
    "NAME",
    "EMAIL",
    "REVISION",
    "DELETED",
    "GONE FOR GOOD",
];

/// Prints people.
pub(super) struct People {
    out: Out,
    way: Way,
}

enum Way {
    Json(Json),
    Table { table: Table, in_bin: bool },
}

impl People {
    pub(super) fn new(json: bool, in_bin: bool) -> Result<Self, Failure> {
        let way = if json {
            Way::Json(Json::of("user.UserResponse")?)
        } else {
            let table = Table::new(if in_bin { IN_BIN } else { HEADINGS });
            Way::Table { table, in_bin }
        };
        let out = Out::new();
        Ok(Self { out, way })
    }

    pub(super) fn add(&mut self, user: &UserResponse) -> Result<(), Unread> {
        let out = &mut self.out;
        let (table, in_bin) = match &mut self.way {
            Way::Json(json) => return json.line(user, out),
            Way::Table { table, in_bin } => (table, *in_bin),
        };
        let (id, revision) = (user.id.to_string(), user.revision.to_string());
        let (changed, gone) = (
            time(user.update_time.as_ref()),
            time(user.purge_time.as_ref()),
        );
        let cells = [&id, &user.name, &user.email, &revision, &changed, &gone].map(String::as_str);
        let columns = if in_bin { IN_BIN } else { HEADINGS }.len();
        table.row(&cells[..columns], out)
    }

    pub(super) fn end(mut self) -> Result<(), Unread> {
        match self.way {
            Way::Json(_) => self.out.flush(),
            Way::Table { table, .. } => table.end(&mut self.out),
        }
    }
}
