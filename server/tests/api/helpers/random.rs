//! Reproducible random tests.

/// `FRONTDESK_SEED`, or a random seed. It is printed: a failed test can be repeated with it.
pub(crate) fn random_seed() -> u64 {
    let seed = std::env::var("FRONTDESK_SEED").map_or_else(
        |_| rand::random(),
        |seed| seed.parse().expect("FRONTDESK_SEED is a number"),
    );
    println!("FRONTDESK_SEED={seed}");
    seed
}
