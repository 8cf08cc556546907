package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * A column of Arrow batches on its way into a table.
 *
 * @param column what it becomes
 * @param dictionary the values that indexes stand for; null where there are none
 * @param nested what lists, structs and maps hold
 * @param isFinite whether infinite times are refused
 */
record ImportedColumn(SchemaColumn column, @Nullable Dictionary dictionary, NestedValues nested, boolean isFinite) {
    /** What a field becomes; an IllegalArgumentException names one of a type that tables do not have. */
    static ImportedColumn of(Field field, @Nullable SchemaColumn wanted, ArrowReader reader, boolean isFinite)
            throws IOException {
        String name = field.getName();
        boolean isRuns = field.getType() instanceof ArrowType.RunEndEncoded;
        Field each = isRuns ? field.getChildren().get(1) : field;
        NestedValues nested = new NestedValues(reader, isFinite);
        DictionaryEncoding encoding = each.getDictionary();
        Dictionary dictionary = encoding == null ? null : reader.lookup(encoding.getId());
        if (encoding != null && dictionary == null) {
            throw new IllegalArgumentException("column '" + name + "' has no dictionary");
        }
        Field values = dictionary != null
                ? told(dictionary.getVector().getField(), field)
                : isRuns ? told(each, field) : field;
        // Whether there are nulls say the values of runs, whatever is said of the runs.
        boolean isNullable = isRuns ? each.isNullable() : field.isNullable();
        SchemaColumn column = ImportedTypes.column(name, isNullable, values, wanted);
        nested.check(name, values);
        return new ImportedColumn(column, dictionary, nested, isFinite);
    }

    /** What a dictionary's values are, with what the column says of them: a file keeps metadata there alone. */
    private static Field told(Field values, Field column) {
        Map<String, String> metadata = new HashMap<>(column.getMetadata());
        metadata.putAll(values.getMetadata());
        return new Field(
                values.getName(),
                new FieldType(values.isNullable(), values.getType(), null, metadata),
                values.getChildren());
    }

    /** Hands the values of a batch on; an IllegalArgumentException names the row of one that is refused. */
    void set(ColumnWriter to, FieldVector vector, int rows, ArrowImport.Place place) {
        RunEndEncodedVector runs = vector instanceof RunEndEncodedVector r ? r : null;
        FieldVector values = runs == null ? vector : runs.getValuesVector();
        if (dictionary == null) {
            setValues(to, values, runs, rows, place);
            return;
        }
        try (FieldVector decoded = (FieldVector) DictionaryEncoder.decode(values, dictionary)) {
            setValues(to, decoded, runs, rows, place);
        }
    }

    private void setValues(
            ColumnWriter to,
            FieldVector vector,
            @Nullable RunEndEncodedVector runs,
            int rows,
            ArrowImport.Place place) {
        String name = column.name();
        boolean all = runs == null && vector.getNullCount() == 0;
        if (all
                && vector instanceof BigIntVector numbers
                && column.dtype().equals(DType.I64)
                && column.logicalType().isEmpty()) {
            long[] values = new long[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = numbers.get(i);
            }
            to.set(name, values);
        } else if (all && vector instanceof TimeStampVector times && !isOfSeconds()) {
            long[] values = new long[rows];
            long divisor = ImportedValues.divisor(column, vector.getField().getType());
            for (int i = 0; i < rows; i++) {
                try {
                    long time = times.get(i);
                    if (isFinite) {
                        ImportedValues.checkFinite(time);
                    }
                    values[i] = ImportedValues.divided(time, divisor);
                } catch (IllegalArgumentException | ArithmeticException e) {
                    throw misfit(place.of(i), e);
                }
            }
            to.set(name, values);
        } else if (all && vector instanceof IntVector numbers && column.dtype().equals(DType.I32)) {
            int[] values = new int[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = numbers.get(i);
            }
            to.set(name, values);
        } else if (all
                && vector instanceof Float8Vector numbers
                && column.dtype().equals(DType.F64)) {
            double[] values = new double[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = numbers.get(i);
            }
            to.set(name, values);
        } else if (all
                && vector instanceof Float4Vector numbers
                && column.dtype().equals(DType.F32)) {
            float[] values = new float[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = numbers.get(i);
            }
            to.set(name, values);
        } else if (all && vector instanceof BitVector bits) {
            boolean[] values = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = bits.get(i) != 0;
            }
            to.set(name, values);
        } else if (all
                && vector instanceof FixedSizeListVector lists
                && lists.getDataVector() instanceof Float4Vector numbers
                && column.dtype() instanceof DType.VectorType type
                && type.element() == ElementType.F32
                && numbers.getNullCount() == 0) {
            float[] values = new float[Math.multiplyExact(rows, lists.getListSize())];
            for (int i = 0; i < values.length; i++) {
                values[i] = numbers.get(i);
            }
            to.set(name, values);
        } else {
            Values values = new Values(vector, runs, rows, place);
            try {
                to.set(name, values);
            } catch (Misfit e) {
                throw e;
            } catch (IllegalArgumentException e) { // the table's own word, which names the column
                throw new Misfit(place.of(values.at) + ": " + e.getMessage(), e);
            }
        }
    }

    /** Seconds are looked at one by one: a table does not take all. */
    private boolean isOfSeconds() {
        return column.logicalType().orElse(null) instanceof LogicalType.Timestamp type
                && type.unit() == LogicalType.TimeUnit.S;
    }

    /** Values as they are taken, one after the other, so that it is known which one was refused. */
    private final class Values extends AbstractList<@Nullable Object> {
        private final FieldVector vector;
        private final @Nullable RunEndEncodedVector runs;
        private final int rows;
        private final ArrowImport.Place place;

        /** The one that was taken last. */
        private int at;

        Values(FieldVector vector, @Nullable RunEndEncodedVector runs, int rows, ArrowImport.Place place) {
            this.vector = vector;
            this.runs = runs;
            this.rows = rows;
            this.place = place;
        }

        @Override
        public int size() {
            return rows;
        }

        @Override
        public @Nullable Object get(int row) {
            at = row;
            try {
                int i = runs == null ? row : runs.getPhysicalIndex(row);
                if (i < 0 || i >= vector.getValueCount()) { // where its buffer goes on, with what looks like nulls
                    throw new IndexOutOfBoundsException(i);
                } else if (vector.isNull(i)) {
                    return null;
                } else if (isFinite) {
                    ImportedValues.checkFinite(vector, i);
                }
                return ImportedValues.value(column, vector, i, nested);
            } catch (NegativeArraySizeException | IndexOutOfBoundsException e) {
                throw misfit(
                        place.of(row),
                        new IllegalArgumentException("it leads out of the batch's values: the batch is damaged", e));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw misfit(place.of(row), e);
            }
        }
    }

    private Misfit misfit(String row, RuntimeException e) {
        return new Misfit("column '" + column.name() + "', " + row + ": " + e.getMessage(), e);
    }

    /** A value that is refused, and where it stands. */
    private static final class Misfit extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Misfit(String message, RuntimeException cause) {
            super(message, cause);
        }
    }
}
