//! Prints users.

use frontdesk::user::UserResponse;

use crate::cli::{
    error::CliError,
    output::{
        Column::{self, Fixed, Text},
        JsonLines, PrintError, Stdout, Table, format_time,
    },
};

const COLUMNS: &[Column] = &[
    Fixed("ID"),
    Text("NAME"),
    Text("EMAIL"),
    Fixed("REVISION"),
    Fixed("UPDATED"),
];
/// For users in the trash.
const TRASH_COLUMNS: &[Column] = &[
    Fixed("ID"),
    Text("NAME"),
    Text("EMAIL"),
    Fixed("REVISION"),
    Fixed("DELETED"),
    Fixed("PURGE AFTER"),
];

/// Prints a table, or JSON.
pub(super) struct UserPrinter {
    out: Stdout,
    format: Format,
}

enum Format {
    Json(JsonLines),
    Table { table: Table, columns: usize },
}

impl UserPrinter {
    pub(super) fn new(json: bool, trash: bool) -> Result<Self, CliError> {
        let format = if json {
            Format::Json(JsonLines::new("user.UserResponse")?)
        } else {
            let columns = if trash { TRASH_COLUMNS } else { COLUMNS };
            Format::Table {
                table: Table::new(columns),
                columns: columns.len(),
            }
        };
        let out = Stdout::new();
        Ok(Self { out, format })
    }

    pub(super) fn print(&mut self, user: &UserResponse) -> Result<(), PrintError> {
        let out = &mut self.out;
        match &mut self.format {
            Format::Json(json) => json.print(user, out),
            Format::Table { table, columns } => {
                let cells = [
                    &user.id.to_string(),
                    &user.name,
                    &user.email,
                    &user.revision.to_string(),
                    &format_time(user.update_time.as_ref()),
                    &format_time(user.purge_time.as_ref()),
                ];
                table.row(&cells.map(String::as_str)[..*columns], out)
            }
        }
    }

    pub(super) fn end(mut self) -> Result<(), PrintError> {
        match self.format {
            Format::Json(_) => self.out.flush(),
            Format::Table { table, .. } => table.end(&mut self.out),
        }
    }
}
