//! `frontdesk doctor`.

mod machine;
mod ports;
mod tables;

use clap::Args;

use super::{Place, VERSION, say};
use crate::{app, failure::Failure};
use frontdesk_store as store;

/// The flags of `frontdesk doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    place: Place,
}

/// What was looked at, and how it is.
struct Finding {
    what: &'static str,
    is: Is,
}

/// How something is.
enum Is {
    Well(String),
    /// With what to do about it.
    NotWell(String),
}

impl Finding {
    fn well(what: &'static str, is: impl Into<String>) -> Self {
        let is = Is::Well(is.into());
        Self { what, is }
    }

    fn not_well(what: &'static str, is: impl Into<String>) -> Self {
        let is = Is::NotWell(is.into());
        Self { what, is }
    }
}

/// Looks at all that a server needs, changes nothing, and says what to do where something is not
/// well.
///
/// # Errors
///
/// Something is not well, or the settings can't be read.
pub fn run(arguments: DoctorArgs) -> Result<(), Failure> {
    let settings = arguments.place.settings()?;
    let data = &settings.data;
    let mut findings = vec![
        Finding::well("frontdesk", VERSION),
        Finding::well("sqlite", store::sqlite_version()),
        match app::check(&settings) {
            Ok(()) => Finding::well("settings", "can be used"),
            Err(failure) => Finding::not_well("settings", failure.to_string()),
        },
        tables::folder(data),
    ];
    let about = tables::database(data);
    findings.push(about.finding);
    if let Some((bytes, most)) = about.bytes.zip(settings.max_database_mib) {
        findings.push(tables::room(bytes, most));
    }
    findings.push(machine::disk(data));
    findings.extend(ports::all(&settings));
    findings.push(machine::clock(about.changed));
    findings.push(machine::open_files(settings.max_connections));

    let mut unwell = 0;
    for Finding { what, is } in findings {
        let (how, words) = match is {
            Is::Well(words) => ("ok", words),
            Is::NotWell(words) => {
                unwell += 1;
                ("NOT WELL", words)
            }
        };
        say(&format!("{how:8}  {what:10}  {words}"))?;
    }
    match unwell {
        0 => Ok(()),
        1 => Err(Failure::broken("one thing is not well: see above")),
        more => Err(Failure::broken(format!(
            "{more} things are not well: see above"
        ))),
    }
}
