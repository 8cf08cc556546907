package io.kohakuvault.spark;

import io.kohakuvault.VaultException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.SchemaColumn;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * The least and the greatest value of a file's column of whole numbers, or of what is stored as such, as Spark sees
 * them. A few blocks are read; bounds then have to rule out that any other block has less or more, so that neither wide
 * bounds nor missing ones make an answer wrong: where they do not decide there is none. Not for floating-point numbers,
 * of whose NaN bounds say nothing, and texts. Belongs to one thread.
 */
final class ColumnExtremes {
    /** Blocks that are read at most; of values in no order it takes about ten for each end. */
    private static final int MOST_BLOCKS = 40;

    /** Rows that are asked for at once. */
    private static final int WINDOW = 1 << 20;

    private final OpenTable open;
    private final FileInfo file;
    private final StructField field;
    private final String name;
    private final ColumnBlocks blocks;
    private final CellVector vector;
    private final long end;
    private final List<long[]> read = new ArrayList<>();
    private final Random random = new Random(1); // the order in which blocks are read changes no answer
    private boolean isAny;
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;

    /**
     * What was found.
     *
     * @param isAny whether there is any value
     * @param least the least one, {@link Long#MAX_VALUE} without any; days, microseconds, a decimal's digits
     * @param greatest the greatest one, {@link Long#MIN_VALUE} without any
     */
    record Found(boolean isAny, long least, long greatest) {
        static final Found NOTHING = new Found(false, Long.MAX_VALUE, Long.MIN_VALUE);

        Found and(Found other) {
            return new Found(isAny || other.isAny, Math.min(least, other.least), Math.max(greatest, other.greatest));
        }

        /** A bound as Spark has values of a type. */
        Object value(boolean isGreatest, DataType type) {
            return sparkValue(isGreatest ? greatest : least, type);
        }
    }

    private ColumnExtremes(OpenTable open, FileInfo file, StructField field, SchemaColumn column) {
        this.open = open;
        this.file = file;
        this.field = field;
        this.name = column.name();
        this.blocks = open.blocks(name);
        this.vector = Cells.vector(column, field.dataType());
        this.end = Math.min(open.rows(), blocks.length());
    }

    /** Whether columns of a type are asked for. */
    static boolean isFor(DataType type) {
        return type instanceof DecimalType decimal
                ? decimal.precision() <= 18
                : List.of(
                                DataTypes.ByteType,
                                DataTypes.ShortType,
                                DataTypes.IntegerType,
                                DataTypes.LongType,
                                DataTypes.DateType,
                                DataTypes.TimestampType,
                                DataTypes.TimestampNTZType)
                        .contains(type);
    }

    /**
     * Looks.
     *
     * @param file as it was looked at
     * @param field a column that the file may have, of a type that this is for
     * @param names how the file's columns are found
     * @return null when a few blocks and bounds do not decide it
     */
    static @Nullable Found of(OpenTable open, FileInfo file, StructField field, ColumnNames names) {
        SchemaColumn column = names.find(open.columns(), field.name()).orElse(null);
        if (column == null || open.rows() == 0) {
            return Found.NOTHING;
        }
        if (!SparkTypes.canRead(column, field.dataType())
                || !(column.dtype() instanceof DType.IntegerType)
                || column.dtype().equals(DType.U64)) {
            return null;
        }
        try {
            ColumnExtremes extremes = new ColumnExtremes(open, file, field, column);
            if (extremes.end == 0) {
                return null;
            }
            extremes.read(extremes.end - 1); // the last block, which has no bounds
            if (extremes.end > 1) {
                extremes.read(0);
            }
            return extremes.isAny && extremes.isDecided(true) && extremes.isDecided(false)
                    ? new Found(true, extremes.least, extremes.greatest)
                    : null;
        } catch (VaultException | IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return null; // whoever reads the rows meets it, and says so
        }
    }

    private void read(long row) {
        try (BlockView block = blocks.block(row)) {
            vector.point(Memory.of(block.payload()), null, blocks.nullable() ? block.validity() : null, 0);
            int rows = (int) Math.min(block.rows(), end - block.firstRow());
            for (int i = 0; i < rows; i++) {
                if (!vector.isNullAt(i)) {
                    long value = number(i);
                    isAny = true;
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                }
            }
            read.add(new long[] {block.firstRow(), block.firstRow() + block.rows()});
        }
    }

    private long number(int i) {
        DataType type = field.dataType();
        if (type instanceof DecimalType decimal) {
            return vector.getDecimal(i, decimal.precision(), decimal.scale()).toUnscaledLong();
        } else if (type.equals(DataTypes.ByteType)) {
            return vector.getByte(i);
        } else if (type.equals(DataTypes.ShortType)) {
            return vector.getShort(i);
        }
        return type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType)
                ? vector.getInt(i)
                : vector.getLong(i);
    }

    private static Object sparkValue(long value, DataType type) {
        if (type instanceof DecimalType decimal) {
            return Decimal.createUnsafe(value, decimal.precision(), decimal.scale());
        } else if (type.equals(DataTypes.ByteType)) {
            return (byte) value;
        } else if (type.equals(DataTypes.ShortType)) {
            return (short) value;
        }
        return type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType) ? (Object) (int) value : value;
    }

    /** Reads blocks that may have more, or less, until none is left that may. */
    private boolean isDecided(boolean more) {
        while (!more || !isGreatestOfAll()) {
            long row = candidate(more);
            if (row < 0 || read.size() >= MOST_BLOCKS) {
                return row < 0;
            }
            read(row);
        }
        return true;
    }

    /** A row of a block that has not been read and may have more, or less; negative when there is none. */
    private long candidate(boolean more) {
        Filter filter = beyond(more);
        if (filter.conditions().isEmpty()) {
            throw new IllegalArgumentException("column '" + field.name() + "' is not compared");
        }
        RowFilter rows = open.snapshot().blocks().filter(open.filtered(filter), filter);
        long chosen = -1;
        long seen = 0;
        for (long from = 0; from < end; from += WINDOW) {
            long to = Math.min(end, from + WINDOW);
            BitSet possible = rows.possible(from, to);
            for (long[] block : read) {
                long first = Math.max(from, block[0]);
                long last = Math.min(to, block[1]);
                if (first < last) {
                    possible.clear((int) (first - from), (int) (last - from));
                }
            }
            int here = possible.cardinality();
            seen += here;
            if (here > 0 && random.nextLong(seen) < here) {
                int at = possible.nextSetBit(random.nextInt((int) (to - from)));
                chosen = from + (at < 0 ? possible.nextSetBit(0) : at);
            }
        }
        return chosen;
    }

    /** The condition of rows that have more than what was found, or less, as Spark's own conditions are understood. */
    private Filter beyond(boolean more) {
        NamedReference column = () -> new String[] {name};
        Object bound = sparkValue(more ? greatest + 1 : least, field.dataType());
        Predicate predicate = new Predicate(more ? ">=" : "<", new Expression[] {column, Expressions.literal(bound)});
        return new BlockFilter(List.of(predicate), new ColumnNames(true))
                .of(file)
                .orElseThrow(IllegalArgumentException::new);
    }

    /** Whether there is nothing beyond what was found, since the type has no greater value. */
    private boolean isGreatestOfAll() {
        DataType type = field.dataType();
        return greatest
                == (type.equals(DataTypes.ByteType)
                        ? Byte.MAX_VALUE
                        : type.equals(DataTypes.ShortType)
                                ? Short.MAX_VALUE
                                : type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType)
                                        ? Integer.MAX_VALUE
                                        : Long.MAX_VALUE);
    }
}
