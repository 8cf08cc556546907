package io.kohakuvault;

import io.kohakuvault.internal.sqlite.PartFile;
import java.nio.file.Path;

/**
 * Makes a new file in one go. An open vault writes each page twice, into its log and from there to its place, which is
 * what lets others read meanwhile and survives a crash; a file that nobody knows of yet needs neither. So a load takes
 * half the writing, and the file is there when all of it is.
 *
 * <pre>{@code
 * BulkLoad.create(Path.of("new.db"), vault -> {
 *     LongColumn ids = vault.columns().ensure("ids", DType.I64);
 *     for (int part = 0; part < 100; part++) ids.appendAll(new long[100_000]);
 * }); // the file is there when all of it is
 * }</pre>
 */
public final class BulkLoad {
    private BulkLoad() {}

    /**
     * Fills a vault.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Loader<X extends Exception> {
        /**
         * Writes everything that the file will hold, in as many calls and transactions as it likes. Other threads may
         * write too, but here their reads wait for the writer, also for a transaction that waits for them, and an open
         * snapshot or stream of a value makes writing a {@link VaultBusyException}.
         *
         * @param vault the file to be; closed by the load
         * @throws X ends the load: there is no file then
         */
        void load(Vault vault) throws X;
    }

    /**
     * Makes a file with the default options.
     *
     * @param path a file that does not exist, in a folder that does
     * @param loader writes what it holds. Runs once, on the calling thread, under no lock
     * @param <X> what the loader may throw
     * @throws X what the loader throws; there is no file then
     * @throws VaultIoException when the file, or a log of one, exists, or it cannot be written
     */
    public static <X extends Exception> void create(Path path, Loader<X> loader) throws X {
        create(path, VaultOptions.defaults(), loader);
    }

    /**
     * Makes a file. When this returns, it is whole and on the disk, also after a loss of power, and can be opened by
     * everybody. When the loader throws, nothing of it is left; a process that dies leaves a file that ends with {@code
     * .part}, and its {@code -journal}, which the next load or backup of that name deletes.
     *
     * @param path a file that does not exist, in a folder that does
     * @param options how it is made; {@link VaultOptions#synchronous} does not matter
     * @param loader writes what it holds
     * @param <X> what the loader may throw
     * @throws X what the loader throws; there is no file then
     * @throws VaultIoException when the file, or a log of one, exists, or it cannot be written
     * @throws IllegalStateException when the loader leaves a snapshot, a batch or a stream open; there is no file then
     */
    public static <X extends Exception> void create(Path path, VaultOptions options, Loader<X> loader) throws X {
        try (PartFile part = new PartFile(path)) {
            try (Vault vault = Vault.openForLoad(part.path(), options)) {
                load(vault, loader);
            }
            part.finish();
        }
    }

    private static <X extends Exception> void load(Vault vault, Loader<X> loader) throws X {
        boolean loaded = false;
        try {
            loader.load(vault);
            vault.endLoad();
            loaded = true;
        } finally {
            if (!loaded) {
                vault.abandonLoad();
            }
        }
    }
}
