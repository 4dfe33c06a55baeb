//! The command line: its contract, and the commands that write files.

mod contract;
mod init;
mod new;
mod rename;
