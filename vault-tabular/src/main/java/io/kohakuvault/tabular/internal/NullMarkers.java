package io.kohakuvault.tabular.internal;

import java.util.List;
import java.util.Optional;

/** Texts that programs write for a value that is missing. They are text here until somebody says what they mean. */
final class NullMarkers {
    private static final List<String> KNOWN =
            List.of("NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "nil", "\\N", "-", "--", "?", ".");

    private static final int LONGEST = 4;

    private NullMarkers() {}

    /** The marker that a field is; empty when it is none. */
    static Optional<String> of(Cell cell) {
        return cell.isField() && cell.to() - cell.from() <= LONGEST && cell.to() > cell.from()
                ? KNOWN.stream().filter(cell.text()::equals).findFirst()
                : Optional.empty();
    }
}
