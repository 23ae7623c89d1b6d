//! Writes a `google.protobuf.FileDescriptorSet` of `proto/` and of the error details to standard
//! output, for tests in languages without a compiler for `.proto` files.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    // Concatenated messages are merged, and their lists are appended.
    let mut output = io::stdout().lock();
    output.write_all(frontdesk::FILE_DESCRIPTOR_SET)?;
    output.write_all(tonic_types::pb::FILE_DESCRIPTOR_SET)?;
    output.flush()
}
