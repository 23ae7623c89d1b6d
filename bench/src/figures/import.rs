//! `frontdesk import` of a million rows.

use std::{fmt::Write as _, fs, time::Instant};

use tempfile::TempDir;

use crate::{
    Result,
    report::Row,
    sample_directory::{run_frontdesk, scratch_folder},
    statistics::median,
};

const ROWS: u32 = 1_000_000;
const RUNS: usize = 3;
const TARGET: f64 = 100_000.0;

pub(super) fn measure() -> Result<Vec<Row>> {
    let folder = TempDir::new_in(scratch_folder()?)?;
    let file = folder.path().join("users.csv");
    fs::write(&file, csv()?)?;
    let mut rates = Vec::new();
    for run in 0..RUNS {
        let data = folder.path().join(run.to_string());
        // Creating the directory is not measured.
        run_frontdesk(&["seed", "--count", "1"], &data)?;
        let start = Instant::now();
        run_frontdesk(&["import", &file.to_string_lossy()], &data)?;
        rates.push(f64::from(ROWS) / start.elapsed().as_secs_f64());
        fs::remove_dir_all(data)?;
    }
    Ok(vec![Row::at_least(
        "`frontdesk import` of a million rows",
        TARGET,
        median(rates),
        "rows per second",
        "",
    )])
}

fn csv() -> Result<String> {
    let mut text = String::from("\u{feff}First Name,Last Name,Email,Job Title\r\n");
    for row in 0..ROWS {
        write!(
            text,
            "Olívia,Nr{row},user{row}@example.org,\"Adviser, tax\"\r\n"
        )?;
    }
    Ok(text)
}
