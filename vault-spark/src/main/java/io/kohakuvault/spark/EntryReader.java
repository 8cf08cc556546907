package io.kohakuvault.spark;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultMovedException;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.text.TextDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the key-values or documents of one file, out of one snapshot. Belongs to its task's thread. */
final class EntryReader implements PartitionReader<InternalRow> {
    private static final Logger LOG = LoggerFactory.getLogger(EntryReader.class);

    private final boolean ignoresCorruptFiles;
    private @Nullable Vault vault;
    private @Nullable Snapshot snapshot;
    private Iterator<InternalRow> rows = Collections.emptyIterator();
    private @Nullable InternalRow row;

    /**
     * Makes the readers of tasks.
     *
     * @param kind what is read
     * @param name its name, null for the only one
     * @param keys which of key-values
     * @param ignoresCorruptFiles whether what is damaged is left out
     */
    record Factory(SourceOptions.Kind kind, @Nullable String name, KeyRanges keys, boolean ignoresCorruptFiles)
            implements PartitionReaderFactory {
        @Override
        public PartitionReader<InternalRow> createReader(InputPartition partition) {
            return new EntryReader(this, ((VaultPartition) partition).ranges().get(0));
        }
    }

    private EntryReader(Factory factory, FileRange file) {
        this.ignoresCorruptFiles = factory.ignoresCorruptFiles;
        try {
            open(factory, file);
        } catch (VaultException e) {
            close();
            if (!ignoresCorruptFiles || !TableFiles.isDamage(e)) {
                throw e;
            }
            LOG.warn("left out a damaged file: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void open(Factory factory, FileRange file) {
        Path path = Path.of(file.path());
        Vault opened = OpenTable.open(path);
        vault = opened;
        try {
            if (FileInfo.isReplaced(file.file().identity(), FileInfo.identity(path))) {
                throw new VaultMovedException(
                        path + ": another file was put in its place between planning and reading; run the query again",
                        null);
            }
        } catch (IOException e) {
            throw new VaultMovedException(path + ": the file is gone", e);
        }
        Snapshot view = opened.snapshot();
        snapshot = view;
        if (OpenTable.isEmpty(view)) {
            return; // somebody has begun with it
        }
        String name = EntryTable.name(view, factory.kind, factory.name);
        if (factory.kind == SourceOptions.Kind.KV) {
            rows = map(
                    new Keys(view.kv(name), factory.keys),
                    entry -> new GenericInternalRow(new Object[] {entry.key(), entry.value()}));
        } else {
            Iterator<TextDocument> documents = view.text(name).scan().iterator();
            rows = map(documents, EntryReader::row);
        }
    }

    private static InternalRow row(TextDocument document) {
        Object[] values = new Object[document.texts().size() + 2];
        values[0] = document.id();
        for (int i = 0; i < document.texts().size(); i++) {
            values[i + 1] = UTF8String.fromString(document.texts().get(i));
        }
        document.value().ifPresent(value -> values[values.length - 1] = UTF8String.fromBytes(Cells.json(value)));
        return new GenericInternalRow(values);
    }

    /** The entries of ranges of keys, each of which is looked for when the one before has ended. */
    private static final class Keys implements Iterator<KvEntry> {
        private final KvReader table;
        private final Iterator<KeyRanges.Range> ranges;
        private Iterator<KvEntry> entries = Collections.emptyIterator();

        Keys(KvReader table, KeyRanges keys) {
            this.table = table;
            this.ranges = keys.ranges().iterator();
        }

        @Override
        public boolean hasNext() {
            while (!entries.hasNext() && ranges.hasNext()) {
                KeyRanges.Range range = ranges.next();
                KvRange wanted = KvRange.all().from(range.from());
                byte[] end = range.to();
                entries = table.scan(end == null ? wanted : wanted.below(end)).iterator();
            }
            return entries.hasNext();
        }

        @Override
        public KvEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return entries.next();
        }
    }

    private static <T> Iterator<InternalRow> map(
            Iterator<T> from, java.util.function.Function<T, InternalRow> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return from.hasNext();
            }

            @Override
            public InternalRow next() {
                return function.apply(from.next());
            }
        };
    }

    @Override
    public boolean next() {
        try {
            if (rows.hasNext()) {
                row = rows.next();
                return true;
            }
        } catch (VaultException e) {
            if (!ignoresCorruptFiles || !TableFiles.isDamage(e)) {
                throw e;
            }
            LOG.warn("left out the rest of a damaged file: {}", e.getMessage());
            rows = Collections.emptyIterator();
        }
        return false;
    }

    @Override
    public InternalRow get() {
        InternalRow current = row;
        if (current == null) {
            throw new IllegalStateException("no row: next() comes first");
        }
        return current;
    }

    @Override
    public void close() {
        rows = Collections.emptyIterator();
        Snapshot view = snapshot;
        Vault opened = vault;
        snapshot = null;
        vault = null;
        if (view != null) {
            view.close();
        }
        if (opened != null) {
            opened.close();
        }
    }
}
