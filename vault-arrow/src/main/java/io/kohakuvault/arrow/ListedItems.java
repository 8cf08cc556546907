package io.kohakuvault.arrow;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.jspecify.annotations.Nullable;

/**
 * Where the items of a list stand, of whichever of Arrow's five layouts.
 *
 * @param vector of the items of all lists
 * @param from the first of this list
 * @param end behind the last
 */
record ListedItems(FieldVector vector, int from, int end) {
    /** The items of one list; null for a vector of something else. */
    static @Nullable ListedItems of(ValueVector vector, int i) {
        if (vector instanceof ListVector lists) {
            return new ListedItems(lists.getDataVector(), lists.getElementStartIndex(i), lists.getElementEndIndex(i));
        } else if (vector instanceof LargeListVector lists) {
            return new ListedItems(
                    lists.getDataVector(),
                    Math.toIntExact(lists.getElementStartIndex(i)),
                    Math.toIntExact(lists.getElementEndIndex(i)));
        } else if (vector instanceof FixedSizeListVector lists) {
            int size = lists.getListSize();
            return new ListedItems(lists.getDataVector(), Math.multiplyExact(i, size), Math.multiplyExact(i + 1, size));
        } else if (vector instanceof ListViewVector lists) {
            return viewed(
                    lists.getDataVector(),
                    lists.getOffsetBuffer().getInt(4L * i),
                    lists.getSizeBuffer().getInt(4L * i));
        } else if (vector instanceof LargeListViewVector lists) {
            return viewed(
                    lists.getDataVector(),
                    lists.getOffsetBuffer().getLong(8L * i),
                    lists.getSizeBuffer().getLong(8L * i));
        }
        return null;
    }

    /** Views stand in any order and may overlap, and so may lead anywhere. */
    private static ListedItems viewed(FieldVector items, long from, long size) {
        if (from < 0 || size < 0 || from > items.getValueCount() - size) {
            throw new IllegalArgumentException("its list has " + size + " items from " + from + " of "
                    + items.getValueCount() + ": the batch is damaged");
        }
        return new ListedItems(items, (int) from, (int) (from + size));
    }
}
