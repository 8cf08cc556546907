package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.table.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Functions, iterators and streams of the caller's in which a call on the vault fails so that SQLite ends the
 * transaction by itself, as it does when a write is interrupted; and which go on as if nothing had happened. Nothing
 * that comes then is in the file.
 */
class DoomedCallbackTest {
    private static final int MANY = 200_000;

    private static final VaultOptions SEGMENTS = VaultOptions.defaults().withSegmentThresholdBytes(10);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fill() throws IOException {
        file = folder.resolve("a.db");
        List<KvEntry> entries = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            entries.add(new KvEntry(ByteBuffer.allocate(4).putInt(i).array(), new byte[10]));
        }
        try (Vault vault = Vault.open(file, SEGMENTS)) {
            vault.kv("many").putAll(entries);
            // The tables are there: they are not made, and gone again, in the transaction that is spoilt.
            vault.kv("kv").put("k", new ByteArrayInputStream(new byte[100]));
            vault.kv("kv").delete("k");
        }
    }

    /** Has a long write interrupted, at the first time that SQLite asks, and swallows what it throws. */
    private static void spoil(Vault vault) {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> vault.kv("many").deleteAll(KvRange.all()))
                    .isInstanceOf(VaultInterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void check() {
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.kv("many").count()).isEqualTo(MANY);
            assertThat(vault.kv("kv").count()).isZero();
        }
    }

    @Test
    void ofAFunction() {
        try (Vault vault = Vault.open(file)) {
            assertThatThrownBy(() -> vault.kv("kv").computeIfAbsent("k", key -> {
                        spoil(vault);
                        return new byte[1];
                    }))
                    .isInstanceOf(VaultException.class);
            assertThatThrownBy(() -> vault.kv("kv").asMap().compute("k", (key, old) -> {
                        spoil(vault);
                        return new byte[1];
                    }))
                    .isInstanceOf(VaultException.class);
        }
        check();
    }

    @Test
    void ofAnIterator() {
        KvEntry entry = new KvEntry(new byte[] {1}, new byte[1]);
        for (boolean asked : new boolean[] {true, false}) {
            try (Vault vault = Vault.open(file)) {
                KVault kv = vault.kv("kv");
                Iterable<KvEntry> entries = () -> new Iterator<>() {
                    private int given;

                    @Override
                    public boolean hasNext() {
                        if (asked && given == 1) {
                            spoil(vault);
                        }
                        return given < 2;
                    }

                    @Override
                    public KvEntry next() {
                        if (!asked && given == 1) {
                            spoil(vault);
                        }
                        given++;
                        return entry;
                    }
                };
                assertThatThrownBy(() -> kv.putAll(entries)).isInstanceOf(VaultException.class);
            }
            check();
        }
    }

    @Test
    void ofAStream() {
        try (Vault vault = Vault.open(file, SEGMENTS)) {
            InputStream stream = new InputStream() {
                private int given;

                @Override
                public int read() throws IOException {
                    given++;
                    if (given == 1_000) {
                        spoil(vault);
                    }
                    return given > 2_000 ? -1 : 1;
                }
            };
            assertThatThrownBy(() -> vault.kv("kv").put("k", stream)).isInstanceOf(VaultException.class);
        }
        check();
    }

    @Test
    void ofAFiller() {
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().ensure("t", schema -> schema.nullable("a", DType.I64));
            assertThatThrownBy(() -> table.append(row -> {
                        row.set("a", 1L);
                        spoil(vault);
                    }))
                    .isInstanceOf(VaultException.class);
            assertThat(table.length()).isZero();
        }
        check();
    }
}
