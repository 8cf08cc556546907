package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
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
 */
record ImportedColumn(SchemaColumn column, @Nullable Dictionary dictionary, NestedValues nested) {
    /** What a field becomes; an IllegalArgumentException names one of a type that tables do not have. */
    static ImportedColumn of(Field field, @Nullable SchemaColumn wanted, ArrowReader reader) throws IOException {
        DictionaryEncoding encoding = field.getDictionary();
        NestedValues nested = new NestedValues(reader);
        if (encoding == null) {
            SchemaColumn column = ImportedTypes.column(field.getName(), field.isNullable(), field, wanted);
            nested.check(field.getName(), field);
            return new ImportedColumn(column, null, nested);
        }
        Dictionary dictionary = reader.lookup(encoding.getId());
        if (dictionary == null) {
            throw new IllegalArgumentException("column '" + field.getName() + "' has no dictionary");
        }
        Field values = told(dictionary.getVector().getField(), field);
        SchemaColumn column = ImportedTypes.column(field.getName(), field.isNullable(), values, wanted);
        nested.check(field.getName(), values);
        return new ImportedColumn(column, dictionary, nested);
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

    /** Hands the values of a batch on. */
    void set(ColumnWriter to, FieldVector vector, int rows) {
        if (dictionary == null) {
            setValues(to, vector, rows);
            return;
        }
        try (FieldVector decoded = (FieldVector) DictionaryEncoder.decode(vector, dictionary)) {
            setValues(to, decoded, rows);
        }
    }

    private void setValues(ColumnWriter to, FieldVector vector, int rows) {
        String name = column.name();
        boolean all = vector.getNullCount() == 0;
        if (all
                && vector instanceof BigIntVector numbers
                && column.dtype().equals(DType.I64)
                && column.logicalType().isEmpty()) {
            long[] values = new long[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = numbers.get(i);
            }
            to.set(name, values);
        } else if (all && vector instanceof TimeStampVector times) {
            long[] values = new long[rows];
            long divisor = ImportedValues.divisor(column, vector.getField().getType());
            for (int i = 0; i < rows; i++) {
                try {
                    values[i] = ImportedValues.divided(times.get(i), divisor);
                } catch (ArithmeticException e) {
                    throw misfit(i, e);
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
            to.set(name, objects(vector, rows));
        }
    }

    private List<@Nullable Object> objects(FieldVector vector, int rows) {
        List<@Nullable Object> values = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            try {
                values.add(vector.isNull(i) ? null : ImportedValues.value(column, vector, i, nested));
            } catch (NegativeArraySizeException e) {
                throw misfit(i, new IllegalArgumentException("it ends before it begins: the batch is damaged", e));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw misfit(i, e);
            }
        }
        return values;
    }

    private IllegalArgumentException misfit(int i, RuntimeException e) {
        return new IllegalArgumentException(
                "column '" + column.name() + "', row " + i + " of its batch: " + e.getMessage(), e);
    }
}
