//! Messages on a byte stream: four bytes that say how long, most significant first, then the
//! message.

use std::io;

use prost::Message;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// More than any message of the suite: what claims to be longer is no such message.
const LONGEST: u32 = 64 * 1024 * 1024;

/// The next message; nothing where the stream is over.
///
/// # Errors
///
/// Where the stream breaks or ends inside of a message, or holds something else.
pub async fn read<M: Message + Default>(
    from: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<M>> {
    let length = match from.read_u32().await {
        Ok(length) if length <= LONGEST => length,
        Ok(length) => {
            return Err(io::Error::other(format!("{length} bytes of a message")));
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

/// Writes a message, and sees to it that it leaves.
///
/// # Errors
///
/// Where nobody takes it.
pub async fn write(to: &mut (impl AsyncWrite + Unpin), message: &impl Message) -> io::Result<()> {
    let bytes = message.encode_to_vec();
    to.write_u32(u32::try_from(bytes.len()).map_err(io::Error::other)?)
        .await?;
    to.write_all(&bytes).await?;
    to.flush().await
}
