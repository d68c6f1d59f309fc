"""What every room stands on: time, frames of reference, folding, files, faults."""
