//! Opens the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    frontdesk_web::app::open();
}
