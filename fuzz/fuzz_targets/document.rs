#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alignlint_fuzz::run("document", data));
