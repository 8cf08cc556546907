package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.util.List;

/**
 * Which of the {@link InferredType types} keep a value: those that say again what it says. The one rule of inference,
 * for the values of the sample and for those after it. Not thread-safe.
 */
final class Meaning {
    private Meaning() {}

    /** Whether a type keeps a value, which is not null. */
    static boolean isKept(Cell cell, InferredType by) {
        if (by == InferredType.TEXT && cell.isField()) {
            return true;
        }
        return cell.isEmptyField() || (types(cell) & by.bit()) != 0;
    }

    /** The types that keep a value, as bits. */
    static int types(Cell cell) {
        int json = InferredType.JSON.bit();
        int any = InferredType.ANY.bit();
        return switch (cell.kind()) {
            case NULL -> -1;
            case FIELD -> InferredType.TEXT.bit() | field(cell);
            case STRING -> InferredType.TEXT.bit() | any | json | times(cell);
            case BOOLEAN -> InferredType.BOOL.bit() | any | json;
            case NUMBER -> numbers(cell) | InferredType.DIGITS.bit() | json;
            case STRUCTURE -> {
                InferredType own = cell.structure() instanceof List ? InferredType.LIST : InferredType.MAP;
                yield JsonTree.isPacked(cell.structure()) ? own.bit() | any | json : json;
            }
        };
    }

    private static int field(Cell cell) {
        byte[] bytes = cell.bytes();
        int from = cell.from();
        int length = cell.to() - from;
        if (length == 0 || length > 1_000) {
            return 0;
        }
        byte first = bytes[from];
        if ((first | 0x20) == 't' || (first | 0x20) == 'f') {
            return isTruth(bytes, from, length) ? InferredType.BOOL.bit() : 0;
        }
        boolean mayBeNumber = first <= '9' ? first >= '+' : (first | 0x20) == 'n' || (first | 0x20) == 'i';
        if (!mayBeNumber) {
            return 0;
        }
        int types = length >= 10 ? times(cell) : 0;
        if (types == 0 && cell.isNumber()) {
            types = numberTypes(cell.number());
        }
        return types;
    }

    /** As the languages write it: true, True, TRUE. */
    private static boolean isTruth(byte[] bytes, int from, int length) {
        String word = length == 4 ? "true" : length == 5 ? "false" : "";
        boolean upper = word.length() > 1 && bytes[from + 1] < 'a';
        if (word.isEmpty() || (upper && bytes[from] >= 'a')) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            if (bytes[from + i] != (upper ? Character.toUpperCase(word.charAt(i)) : word.charAt(i))) {
                return false;
            }
        }
        return (bytes[from] | 0x20) == word.charAt(0);
    }

    private static int numbers(Cell cell) {
        if (!cell.isNumber()) {
            return 0;
        }
        NumberText number = cell.number();
        int types = numberTypes(number);
        boolean packed = number.isWhole() ? types != 0 : number.isDouble();
        return packed ? types | InferredType.ANY.bit() : types;
    }

    private static int numberTypes(NumberText number) {
        return (number.isLong() ? InferredType.I64.bit() : 0)
                | (number.isUnsignedLong() ? InferredType.U64.bit() : 0)
                | (number.isDouble() ? InferredType.F64.bit() : 0);
    }

    private static int times(Cell cell) {
        TimeText time = cell.time();
        return switch (cell.timeKind()) {
            case DATE -> (int) time.day() == time.day() ? InferredType.DATE.bit() : 0;
            case UTC ->
                (time.fits(TimeUnit.US) ? InferredType.UTC_US.bit() : 0)
                        | (time.fits(TimeUnit.NS) ? InferredType.UTC_NS.bit() : 0);
            // A timestamp is a point in time, read back in UTC: the offset would be lost, and where there is none one
            // would be made up.
            case NONE, LOCAL, OFFSET -> 0;
        };
    }
}
