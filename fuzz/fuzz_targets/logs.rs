#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| distpoint_fuzz::check("logs", data));
