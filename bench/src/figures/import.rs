//! An import of a million rows.

use std::{fmt::Write as _, fs, time::Instant};

use tempfile::TempDir;

use crate::{
    Outcome,
    people::{frontdesk, room},
    report::Row,
    statistics::median,
};

const ROWS: u32 = 1_000_000;
const RUNS: usize = 3;
const AIM: f64 = 100_000.0;

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let folder = TempDir::new_in(room()?)?;
    let file = folder.path().join("people.csv");
    fs::write(&file, csv()?)?;
    let mut rates = Vec::new();
    for run in 0..RUNS {
        let data = folder.path().join(run.to_string());
        // The sample people of a new directory are not what is measured.
        frontdesk(&["seed", "--count", "1"], &data)?;
        let began = Instant::now();
        frontdesk(&["import", &file.to_string_lossy()], &data)?;
        rates.push(f64::from(ROWS) / began.elapsed().as_secs_f64());
        fs::remove_dir_all(data)?;
    }
    Ok(vec![Row::at_least(
        "import of a million rows",
        AIM,
        median(rates),
        "rows a second",
        "",
    )])
}

fn csv() -> Outcome<String> {
    let mut text = String::from("\u{feff}First Name,Last Name,Email,Job Title\r\n");
    for row in 0..ROWS {
        write!(
            text,
            "Olívia,Nr{row},person{row}@example.org,\"Adviser, tax\"\r\n"
        )?;
    }
    Ok(text)
}
