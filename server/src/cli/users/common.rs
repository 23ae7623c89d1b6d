//! Arguments and set-up that the commands on users share.

use clap::Args;

use crate::cli::{
    client::{Access, Client, TargetArgs},
    error::CliError,
};

#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Print one JSON object per line (JSON mapping of protobuf) instead of a table
    #[arg(long)]
    json: bool,
}

impl CommonArgs {
    /// `work` is given whether to print JSON.
    pub(super) fn run(
        self,
        access: Access,
        work: impl AsyncFnOnce(&Client, bool) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let json = self.json;
        let target = self.target.resolve()?;
        target.run("frontdesk users", access, async |client| {
            work(client, json).await
        })
    }
}
