package io.kohakuvault.cli;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that look after a file. */
final class UpkeepCommands {
    private UpkeepCommands() {}

    @Command(
            name = "migrate",
            description =
                    "Takes columns in the layout of KohakuVault 0.x over into today's, names and values unchanged, all or none.")
    static final class Migrate extends FileCommand {
        @Override
        protected int run() throws IOException {
            try (Vault vault = write(false)) {
                int migrated = vault.maintenance().migrateLegacyColumns();
                out().println(migrated == 0 ? "nothing to migrate" : "migrated " + migrated + " columns");
            }
            return 0;
        }
    }

    @Command(
            name = "verify",
            description = {
                "Looks at everything in a file: structure, what KohakuVault demands of columns, checksums, what hangs on what.",
                "Prints a line for each finding. Exit code 1 when there is an error."
            })
    static final class Verify extends FileCommand {
        @Override
        protected int run() throws IOException {
            try (Vault vault = read();
                    Bar bar = new Bar("verify", "blocks", 1)) {
                VerifyReport report = vault.maintenance().verify(bar.progress());
                report.findings().forEach(finding -> out().println(Messages.oneLine(finding.toString())));
                long errors = report.findings().stream()
                        .filter(f -> f.severity() == Finding.Severity.ERROR)
                        .count();
                out().printf(
                                Locale.ROOT,
                                "%,d blocks (%,d checksums) and %,d values: %,d errors, %,d warnings%n",
                                report.blocks(),
                                report.checksums(),
                                report.values(),
                                errors,
                                report.findings().size() - errors);
                if (Contents.isForeign(vault)) {
                    note(file + ": " + Contents.FOREIGN);
                }
                return report.isSound() ? 0 : 1;
            }
        }
    }

    @Command(
            name = "repair",
            description = {
                "Mends what can be rebuilt from what is there: indexes, missing statistics, left-overs that nothing names.",
                "Never removes anything that can be reached. What it cannot mend it names and leaves as it is; exit code 1 then."
            })
    static final class Repair extends FileCommand {
        @Override
        protected int run() throws IOException {
            try (Vault vault = write(false)) {
                List<String> done = vault.maintenance().repair();
                done.forEach(line -> out().println(Messages.oneLine(line)));
                if (done.isEmpty()) {
                    out().println("nothing to mend");
                }
                return done.stream().anyMatch(line -> line.startsWith("could not mend ")) ? 1 : 0;
            }
        }
    }

    @Command(
            name = "compact",
            description = {
                "Gives unused pages back, and lays large blocks out in pages so that they are read from the mapped file.",
                "To change the page size nobody else may have the file open."
            })
    static final class Compact extends FileCommand {
        @Option(
                names = "--page-size",
                paramLabel = "BYTES",
                defaultValue = "0",
                description = "4096 to 65536; kept when not given")
        int pageSize;

        @Override
        protected int run() throws IOException {
            if (pageSize != 0 && (Integer.bitCount(pageSize) != 1 || pageSize < 4096 || pageSize > 65536)) {
                throw wrong("--page-size " + pageSize + ": a power of two from 4096 to 65536");
            }
            long before = Files.exists(file) ? Files.size(file) : 0;
            long after;
            try (Vault vault = write(false);
                    Bar bar = new Bar("compact", "columns", 1)) {
                vault.maintenance().compact(pageSize, bar.progress());
                vault.maintenance().checkpoint();
                after = vault.maintenance().stats().fileBytes();
            }
            out().println(DisplayValue.size(before) + " before, " + DisplayValue.size(after) + " now");
            return 0;
        }
    }

    @Command(
            name = "backup",
            description = {
                "Copies a file as it is now, whole and compacted, while others read and write it.",
                "A plain copy of a file that is open is not safe: it is three files then."
            })
    static final class Backup extends FileCommand {
        @Parameters(index = "1", paramLabel = "TARGET", description = "a file that does not exist")
        Path target;

        @Override
        protected int run() throws IOException {
            try (Vault vault = read();
                    Bar bar = new Bar("backup", "MiB", 1 << 20)) {
                vault.maintenance().backup(target, bar.progress());
            }
            return 0;
        }
    }
}
