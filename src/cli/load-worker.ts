// The thread that reads raw tables, as it stands beside the bundled program.
import '../parsers/load-worker.ts'
