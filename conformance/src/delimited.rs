//! Messages on a byte stream: a big-endian u32 with the length, then the message.

use std::io;

use prost::Message;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// In bytes; larger than any message of the suite.
const MAX_LENGTH: u32 = 64 * 1024 * 1024;

/// Reads the next message, or `None` at the end of the stream.
///
/// # Errors
///
/// If reading fails, the stream ends inside a message, or the bytes are not a valid message.
pub async fn read<M: Message + Default>(
    from: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<M>> {
    let length = match from.read_u32().await {
        Ok(length) if length <= MAX_LENGTH => length,
        Ok(length) => {
            return Err(io::Error::other(format!(
                "a message of {length} bytes is too long"
            )));
        }
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    from.read_exact(&mut bytes).await?;
    M::decode(bytes.as_slice())
        .map(Some)
        .map_err(io::Error::other)
}

/// Writes a message and flushes the stream.
///
/// # Errors
///
/// If writing fails.
pub async fn write(to: &mut (impl AsyncWrite + Unpin), message: &impl Message) -> io::Result<()> {
    let bytes = message.encode_to_vec();
    to.write_u32(u32::try_from(bytes.len()).map_err(io::Error::other)?)
        .await?;
    to.write_all(&bytes).await?;
    to.flush().await
}
