//! What the networks run on: matrix products and what stands between them, on one thread.
//!
//! Products are of 8-bit integers where the machine has instructions for them: exact sums, so every kernel gives the same
//! bits. Everything else is done row by row, so what comes out for a row depends on nothing that runs beside it. Articles
//! run side by side, not matrices.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
mod attention;
mod encoder;
mod integers;
mod linear;
mod math;
mod quantise;
mod recurrent;
mod relative;
mod table;

use std::sync::LazyLock;

use pulp::Arch;
use rayon::{ThreadPool, ThreadPoolBuilder};
use rten_gemm::GemmExecutor;

pub(crate) use attention::Heads;
pub(crate) use encoder::{Activation, Embeddings, Encoder, Layer, Piece};
pub(crate) use linear::{Linear, Room};
pub(crate) use math::Norm;
pub(crate) use recurrent::Gru;
pub(crate) use relative::{Places, Relative};
pub(crate) use table::Table;

use integers::Integers;

/// What this machine computes with.
struct Engine {
    arch: Arch,
    floats: GemmExecutor<f32>,
    integers: Integers,
}

/// What this machine computes with: found out once.
fn engine() -> &'static Engine {
    // Kernels may be shared between threads, but not moved, so it is a reference that stands here.
    static ENGINE: LazyLock<&'static Engine> = LazyLock::new(|| {
        let (floats, integers) = (GemmExecutor::new(), Integers::detect());
        Box::leak(Box::new(Engine { arch: Arch::new(), floats, integers }))
    });
    *ENGINE
}

thread_local! {
    static POOL: Option<ThreadPool> = ThreadPoolBuilder::new().num_threads(1).build().ok();
}

/// Runs a network on one thread of its own for each thread that asks: the products' kernels share their work out over the
/// threads of the pool in which they are called, and here there must be only one.
pub(crate) fn alone<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    POOL.with(|pool| match pool {
        Some(pool) => pool.install(run),
        // Where the system gives no more threads: the same answer, on those that there are.
        None => run(),
    })
}

/// Turns a row of scores into probabilities.
pub(crate) fn softmax(scores: &mut [f32]) {
    let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for score in scores.iter_mut() {
        *score = (*score - greatest).exp();
    }
    let sum: f32 = scores.iter().sum();
    for score in scores {
        *score /= sum;
    }
}

/// The greater of each value and 0.
pub(crate) fn relu(values: &mut [f32]) {
    engine().arch.dispatch(math::Relu(values));
}

/// Normalises every row into another place of the same size.
pub(crate) fn normalise(values: &[f32], norm: &Norm, into: &mut [f32]) {
    engine().arch.dispatch(math::Normalise { values, norm, into });
}
