// Does not start, as a program whose libraries are not there.
process.exit(7);
