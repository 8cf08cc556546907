package io.kohakuvault.sql;

import io.kohakuvault.arrow.ArrowExport;
import io.kohakuvault.spi.VaultFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Files that results are written to: whole or not at all. */
final class ResultFiles {
    private ResultFiles() {}

    /** Writes a file and answers how many rows are in it. */
    @FunctionalInterface
    interface Content {
        /** Writes to a path at which nothing is. */
        long write(Path part) throws SQLException, IOException;
    }

    /** Writes beside the target and takes its place then. */
    static long replace(Path target, Path vault, Content content) throws SQLException {
        Path absolute = place(target);
        if (SqlGuard.names(absolute.toString(), vault)) {
            throw new SQLException(target + " is the vault itself");
        }
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new SQLException(target + " is no file");
        }
        Path part = parent.resolve(absolute.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part");
        try {
            long rows = content.write(part);
            if (Files.exists(absolute)
                    && Files.getFileStore(absolute).supportsFileAttributeView(PosixFileAttributeView.class)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(absolute));
            }
            Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return rows;
        } catch (SQLException e) {
            String said = DuckDbWords.of(e);
            if (!said.startsWith("IO Error")) {
                throw e;
            }
            String name = String.valueOf(part.getFileName()); // also with "tmp_" before it
            throw new SQLException(
                    "cannot write " + target + ": " + said.replace(name, String.valueOf(absolute.getFileName())),
                    e.getSQLState(),
                    e);
        } catch (IOException e) {
            throw new SQLException("cannot write " + target + ": " + e, e);
        } finally {
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                // what hinders it is told already; a file .part is left
            }
        }
    }

    /** Where the file is to be, where links lead. A folder, a pipe or a device is not replaced. */
    private static Path place(Path target) throws SQLException {
        Path absolute = target.toAbsolutePath();
        try {
            if (Files.isDirectory(absolute)) {
                throw new SQLException("cannot write " + target + ": it is a folder");
            } else if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
                throw new SQLException("cannot write " + target + ": it is a pipe or a device, and no file");
            }
            return VaultFiles.destination(absolute);
        } catch (IOException e) {
            throw new SQLException("cannot write " + target + ": " + e, e);
        }
    }

    /** Writes batches as an IPC file. */
    static long writeArrow(ArrowReader reader, Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            return ArrowExport.of(reader).to(out);
        }
    }
}
