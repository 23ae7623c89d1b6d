//! What the wire looks like, for tests in languages that have no compiler for `.proto` files at hand:
//! writes one `google.protobuf.FileDescriptorSet`, of `proto/` and of what errors carry, to standard
//! output.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    // Two messages one behind the other are one, with the lists of both.
    let mut output = io::stdout().lock();
    output.write_all(frontdesk::FILE_DESCRIPTOR_SET)?;
    output.write_all(tonic_types::pb::FILE_DESCRIPTOR_SET)?;
    output.flush()
}
