//! How the system's allocator is to keep memory.
//!
//! The GNU C library raises by itself the size from which on a block gets pages of its own, up to the largest block that was
//! ever freed. All blocks then come out of one heap. Where buffers that live as long as a part lie among tables that live
//! as long as a batch, the heap is soon full of holes, and the peak of a long run is above that of a short one. Sizes that
//! are set stay where they are.

/// Gives large blocks pages of their own, which go back to the system with them. That costs a tenth of the time where
/// nothing but reading and writing is done, and nothing that could be measured beside a model. To be called before other
/// threads are started.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
pub(crate) fn keep_large_blocks_apart() {
    /// Bytes from which on a block is large.
    const LARGE: libc::c_int = 64 << 10;
    /// Free bytes at the heap's end that are kept for the next batches rather than given back.
    const KEPT: libc::c_int = 8 << 20;
    // SAFETY: sets two numbers of the allocator; nothing that was allocated depends on them.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}

/// Other allocators do so, or have no such sizes.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep_large_blocks_apart() {}
