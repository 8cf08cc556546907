package io.kohakuvault.arrow;

import io.kohakuvault.arrow.ScanCounts.ColumnCounts;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Fills one vector with rows of one column, by address where that can be. Not thread-safe; must be closed. */
final class ColumnFeed implements AutoCloseable {
    private final ColumnBlocks column;
    private final ColumnMapping mapping;
    private final boolean copies;
    private final int alignment;
    private final int elementSize;
    private final BufferAllocator allocator;
    private final VectorBuffers target;
    private final ColumnCounts counts;
    private @Nullable BlockView current;
    private @Nullable MappedBlock mapped;

    /** @param copies whether every batch has memory of its own */
    ColumnFeed(ColumnBlocks column, ColumnMapping mapping, boolean copies, BufferAllocator allocator) {
        this.column = column;
        this.mapping = mapping;
        this.copies = copies;
        this.alignment = ArrowFields.alignment(column);
        this.elementSize = column.dtype().elementSizeBytes();
        this.allocator = allocator;
        this.target = new VectorBuffers(mapping, allocator);
        this.counts = new ColumnCounts(column.name());
    }

    ColumnCounts counts() {
        return counts;
    }

    /** The block that holds a row; the one before is let go. */
    private BlockView at(long row) {
        BlockView block = current;
        // Backwards where a batch is loaded once more, after one that failed, and where rows are asked for so.
        if (block == null || row < block.firstRow() || row >= block.firstRow() + block.rows()) {
            close();
            block = column.block(row);
            current = block;
            counts.block(block.origin());
        }
        return block;
    }

    @Override
    public void close() {
        BlockView block = current;
        MappedBlock buffers = mapped;
        current = null;
        mapped = null;
        if (buffers != null) {
            buffers.close();
        }
        if (block != null) {
            block.close();
        }
    }

    /**
     * Loads rows into the vector.
     *
     * @param ones a buffer of a bit for each row at least, all 1, shared by vectors; null where each has its own
     */
    void fill(FieldVector vector, RowRuns rows, @Nullable ArrowBuf ones) {
        List<ArrowBuf> own = new ArrayList<>(4);
        try {
            BlockView block = at(rows.first(0));
            boolean whole = rows.size() == 1 && rows.first(0) + rows.count(0) <= block.firstRow() + block.rows();
            CopyReason reason = reason(block, rows.size() == 1, whole);
            if (reason == null) {
                loadMapped(vector, block, rows, ones, own);
                counts.byAddress(rows.rows());
            } else {
                gather(vector, rows, ones, own, !whole || copies || mapping.isConverted());
                counts.copied(reason, rows.rows());
            }
        } finally {
            own.forEach(ArrowBuf::close); // the vector has retained what it took
        }
    }

    /** Why the rows are not handed out by address; null when they are. */
    private @Nullable CopyReason reason(BlockView block, boolean oneRun, boolean whole) {
        if (mapping.isConverted()) {
            return CopyReason.CONVERTED;
        } else if (copies) {
            return CopyReason.REQUESTED;
        } else if (!oneRun) {
            return CopyReason.SELECTED;
        } else if (!whole) {
            return CopyReason.JOINED;
        }
        return switch (block.origin()) {
            case GATHERED -> CopyReason.GATHERED;
            case COPIED -> CopyReason.THROUGH_SQLITE;
            case MAPPED -> MappedBlock.isPossible(block, alignment) ? null : CopyReason.UNALIGNED;
        };
    }

    private void loadMapped(
            FieldVector vector, BlockView block, RowRuns rows, @Nullable ArrowBuf ones, List<ArrowBuf> own) {
        MappedBlock buffers = mapped;
        if (buffers == null) {
            buffers = MappedBlock.of(block, allocator);
            mapped = buffers;
        }
        int first = (int) (rows.first(0) - block.firstRow());
        int count = rows.rows();
        byte[] bits = null;
        int nulls = 0;
        byte[] validity = block.validity();
        if (column.nullable() && validity != null) {
            bits = Bits.of(count);
            nulls = Bits.copy(validity, first, bits, 0, count);
        }
        ArrowBuf valid = target.bitmap(bits, nulls, count, ones, own);
        ArrowFieldNode node = new ArrowFieldNode(count, nulls);
        ArrowBuf offsets = buffers.offsets();
        if (offsets == null) {
            ArrowBuf data = buffers.payload().slice((long) first * elementSize, (long) count * elementSize);
            target.loadFixed(vector, node, valid, data, ones, own);
        } else if (mapping.shortOffsets()) {
            long start = offsets.getLong(8L * first);
            ArrowBuf fewer = VectorBuffers.own(own, allocator.buffer(4L * (count + 1)));
            for (int i = 0; i <= count; i++) {
                fewer.setInt(
                        4L * i, GatheredBytes.shortOffset(column.name(), offsets.getLong(8L * (first + i)) - start));
            }
            long size = offsets.getLong(8L * (first + count)) - start;
            vector.loadFieldBuffers(
                    node, List.of(valid, fewer, buffers.payload().slice(start, size)));
        } else {
            vector.loadFieldBuffers(
                    node, List.of(valid, offsets.slice(8L * first, 8L * (count + 1)), buffers.payload()));
        }
    }

    /** Takes rows of a block. */
    @FunctionalInterface
    private interface Sink {
        /**
         * Takes rows that stand together.
         *
         * @param first which of the block's rows is the first
         * @param place where in the batch it goes
         */
        void accept(BlockView block, int first, int count, int place);
    }

    /** Copies rows into buffers of their own. */
    private void gather(
            FieldVector vector, RowRuns rows, @Nullable ArrowBuf ones, List<ArrowBuf> own, boolean counted) {
        int count = rows.rows();
        long bytes;
        if (mapping.layout() == ColumnMapping.Layout.NESTED) {
            NestedRows nested = new NestedRows(vector, column.dtype(), count, rows.inOrder());
            new Gathering(rows).run(single(nested::add));
            bytes = nested.finish();
        } else if (mapping.layout() == ColumnMapping.Layout.VARIABLE) {
            try (GatheredBytes gathered =
                    new GatheredBytes(allocator, column.name(), count, rows.inOrder(), mapping.shortOffsets())) {
                Gathering gathering = new Gathering(rows);
                ElementConversion conversion = mapping.texts();
                gathering.run(
                        conversion == null
                                ? plain(gathered)
                                : single((element, place) ->
                                        gathered.add(element == null ? null : conversion.convert(element), place)));
                gathered.finish();
                vector.loadFieldBuffers(
                        new ArrowFieldNode(count, gathering.nulls),
                        List.of(
                                target.bitmap(gathering.bits, gathering.nulls, count, ones, own),
                                gathered.offsets(),
                                gathered.bytes()));
                bytes = gathered.size();
            }
        } else {
            Gathering gathering = new Gathering(rows);
            ArrowBuf data;
            if (mapping.hasBits()) {
                int perRow = mapping.perRow();
                byte[] bits = Bits.of((long) count * perRow);
                gathering.run((block, first, n, place) ->
                        Bits.pack(block.payload(), first * perRow, bits, (long) place * perRow, (long) n * perRow));
                data = VectorBuffers.own(own, allocator.buffer(bits.length));
                data.setBytes(0, bits);
            } else {
                NumberConversion conversion = mapping.numbers();
                TextDictionary dictionary = mapping.dictionary();
                int size = conversion == null ? elementSize : mapping.perRow() * conversion.targetBytes();
                data = VectorBuffers.own(own, allocator.buffer((long) count * (dictionary == null ? size : 4)));
                if (dictionary != null) {
                    gathering.run(numbered(data, dictionary));
                } else {
                    gathering.run(conversion == null ? plain(data) : converted(data, conversion));
                }
            }
            bytes = data.capacity();
            target.loadFixed(
                    vector,
                    new ArrowFieldNode(count, gathering.nulls),
                    target.bitmap(gathering.bits, gathering.nulls, count, ones, own),
                    data,
                    ones,
                    own);
        }
        if (counted) {
            counts.joined(bytes);
        }
    }

    /** Walks rows block by block, and gathers which of them are present. */
    private final class Gathering {
        private final RowRuns rows;
        private final byte @Nullable [] bits;
        private int nulls;

        Gathering(RowRuns rows) {
            this.rows = rows;
            this.bits = column.nullable() ? Bits.of(rows.rows()) : null;
        }

        void run(Sink sink) {
            for (int run = 0; run < rows.size(); run++) {
                long row = rows.first(run);
                int place = rows.place(run);
                for (int left = rows.count(run); left > 0; ) {
                    BlockView block = at(row);
                    int first = (int) (row - block.firstRow());
                    int n = Math.min(left, block.rows() - first);
                    if (bits != null) {
                        byte[] validity = block.validity();
                        if (validity == null) {
                            Bits.set(bits, place, n);
                        } else {
                            nulls += Bits.copy(validity, first, bits, place, n);
                        }
                    }
                    sink.accept(block, first, n, place);
                    row += n;
                    place += n;
                    left -= n;
                }
            }
        }
    }

    private Sink plain(ArrowBuf target) {
        return (block, first, n, place) -> target.setBytes(
                (long) place * elementSize, block.payload().duplicate(), first * elementSize, n * elementSize);
    }

    private Sink plain(GatheredBytes target) {
        return (block, first, n, place) -> target.add(block.payload(), block.offsets(), elementSize, first, n, place);
    }

    /** The numbers of texts in a dictionary. */
    private Sink numbered(ArrowBuf target, TextDictionary dictionary) {
        return (block, first, n, place) -> {
            byte[] validity = column.nullable() ? block.validity() : null;
            for (int i = 0; i < n; i++) {
                target.setInt(
                        4L * (place + i), isPresent(validity, first + i) ? dictionary.number(block, first + i) : 0);
            }
        };
    }

    /** Takes elements one by one; null for one that is not there. */
    @FunctionalInterface
    private interface ElementSink {
        /**
         * Takes one.
         *
         * @throws IllegalArgumentException when it does not fit
         */
        void accept(byte @Nullable [] element, int place);
    }

    private Sink single(ElementSink elements) {
        return (block, first, n, place) -> {
            ByteBuffer offsets = block.offsets();
            byte[] validity = column.nullable() ? block.validity() : null;
            for (int i = 0; i < n; i++) {
                int at = first + i;
                if (!isPresent(validity, at)) {
                    elements.accept(null, place + i);
                    continue;
                }
                int start = offsets == null ? at * elementSize : (int) offsets.getLong(8 * at);
                int end = offsets == null ? start + elementSize : (int) offsets.getLong(8 * (at + 1));
                byte[] element = new byte[end - start];
                block.payload().get(start, element);
                try {
                    elements.accept(element, place + i);
                } catch (IllegalArgumentException e) {
                    throw misfit(block, at, ": " + e.getMessage(), e);
                }
            }
        };
    }

    private Sink converted(ArrowBuf target, NumberConversion conversion) {
        int perRow = mapping.perRow();
        long bytes = (long) perRow * conversion.targetBytes();
        return (block, first, n, place) -> {
            try {
                conversion.convert(block.payload(), first * elementSize, target, place * bytes, (long) n * perRow);
            } catch (ArithmeticException e) {
                convertPresent(block, first, n, target, place * bytes, conversion);
            }
        };
    }

    /** One by one, leaving out nulls, in whose place anything may stand. */
    private void convertPresent(
            BlockView block, int first, int count, ArrowBuf target, long at, NumberConversion conversion) {
        byte[] validity = column.nullable() ? block.validity() : null;
        for (int i = 0; i < count; i++) {
            long to = at + (long) i * conversion.targetBytes();
            try {
                if (isPresent(validity, first + i)) {
                    conversion.convert(block.payload(), (first + i) * elementSize, target, to);
                } else {
                    target.setZero(to, conversion.targetBytes());
                }
            } catch (ArithmeticException e) {
                throw misfit(
                        block,
                        first + i,
                        ": the number does not fit " + mapping.field().getType(),
                        e);
            }
        }
    }

    private IllegalArgumentException misfit(BlockView block, int i, String why, RuntimeException cause) {
        return new IllegalArgumentException(
                "column '" + column.name() + "', row " + (block.firstRow() + i) + why, cause);
    }

    private static boolean isPresent(byte @Nullable [] validity, int i) {
        return validity == null || (validity[i >> 3] >> (i & 7) & 1) != 0;
    }
}
