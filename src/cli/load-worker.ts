// The thread that reads raw tables, as it stands beside the bundled program.
import '../parsers/threads/load-worker.ts'
