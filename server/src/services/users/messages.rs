use frontdesk_directory::{Error, RequestContext};
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use tonic::Status;

use crate::services::status;

/// Converts batches into a stream with one message per item. The stream is ready while a batch lasts,
/// so that tonic puts many messages into one HTTP/2 frame.
pub(super) fn from_batches<T, M>(
    batches: BoxStream<'static, Result<Vec<T>, Error>>,
    convert: fn(T) -> M,
    context: RequestContext,
) -> BoxStream<'static, Result<M, Status>>
where
    T: Send + 'static,
    M: 'static,
{
    batches
        .map_ok(|batch| stream::iter(batch.into_iter().map(Ok)))
        .try_flatten()
        .map(move |item| {
            item.map(convert)
                .map_err(|error| status::error(&error, &context))
        })
        .boxed()
}
