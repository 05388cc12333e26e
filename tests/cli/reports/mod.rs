//! Reports of results and of comparisons: what each format shows, and that no name breaks it. They
//! call the library, without the program.

mod comparing;
mod formats;
mod hostile;
mod junit;
mod keys;
mod reading;
mod schemas;
mod written_out;
