//! The entry point of the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    frontdesk_web::app::mount();
}
