//! What is said on standard error.

use std::io::Write;

use anstyle::{AnsiColor, Style};

/// Says that something failed. Standard error may be closed as well, and then there is nobody left to tell.
pub(crate) fn error(message: &str) {
    const RED: Style = AnsiColor::Red.on_default().bold();
    let _ = writeln!(anstream::stderr().lock(), "{RED}error:{RED:#} {message}");
}

/// Says what should be known and stops nothing.
pub(crate) fn warning(message: &str) {
    const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
    let _ = writeln!(anstream::stderr().lock(), "{YELLOW}warning:{YELLOW:#} {message}");
}

/// Says how a run ended.
pub(crate) fn summary(message: &str) {
    let _ = writeln!(anstream::stderr().lock(), "whosaid: {message}");
}

/// An error with its reasons, each told once: some errors repeat theirs.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    for reason in error.chain().skip(1).map(ToString::to_string) {
        if !told.ends_with(&reason) {
            told.push_str(": ");
            told.push_str(&reason);
        }
    }
    told
}

/// Whether the reason of an error is that the reader of the output has closed it.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut reasons = error.chain().filter_map(|reason| reason.downcast_ref::<std::io::Error>());
    reasons.any(|reason| reason.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    #[test]
    fn a_reason_is_told_once() {
        assert_eq!(super::told(&anyhow!("no such file").context("cannot be read")), "cannot be read: no such file");
        assert_eq!(
            super::told(&anyhow!("no such file").context("cannot be read: no such file")),
            "cannot be read: no such file"
        );
    }
}
