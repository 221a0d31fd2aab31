// The thread that writes tables, as it stands beside the bundled program.
import '../run/commit/write-worker.ts'
