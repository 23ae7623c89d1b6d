//! The page and its files, embedded into the binary by `build.rs`.

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// One file, in every encoding in which it is served.
pub(super) struct File {
    pub(super) path: &'static str,
    pub(super) content_type: &'static str,
    /// The name contains a hash of the content.
    pub(super) hashed: bool,
    pub(super) etag: &'static str,
    pub(super) plain: &'static [u8],
    pub(super) brotli: Option<&'static [u8]>,
    pub(super) gzip: Option<&'static [u8]>,
}
