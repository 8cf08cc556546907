package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.SchemaColumn;

/** The types that are inferred: the first of them that keeps every value as what it means is a column's. */
@SuppressWarnings("ImmutableEnumChecker") // types are records of values
enum InferredType {
    BOOL(DType.BOOL),
    I64(DType.I64),
    U64(DType.U64),
    F64(DType.F64),
    DATE(new LogicalType.Date()),
    UTC_US(new LogicalType.Timestamp(TimeUnit.US, "UTC")),
    UTC_NS(new LogicalType.Timestamp(TimeUnit.NS, "UTC")),
    TEXT(DType.STR),
    LIST(new LogicalType.ListOf()),
    MAP(new LogicalType.MapOf()),
    /** JSON values of several kinds. */
    ANY(DType.MSGPACK),
    /** JSON numbers that no number type keeps, as text. */
    DIGITS(DType.STR),
    /** JSON values with such numbers among them, as JSON. */
    JSON(new LogicalType.Json());

    private final DType dtype;
    private final LogicalType logical;

    InferredType(DType dtype) {
        this(dtype, new LogicalType.Other(""));
    }

    InferredType(LogicalType logical) {
        this(logical.physical().orElseThrow(), logical);
    }

    InferredType(DType dtype, LogicalType logical) {
        this.dtype = dtype;
        this.logical = logical;
    }

    /** A column of this type, which may be null. */
    SchemaColumn column(String name) {
        return logical instanceof LogicalType.Other
                ? SchemaColumn.of(name, dtype, true)
                : SchemaColumn.of(name, logical, true);
    }

    /** For sets of types in an int; stored nowhere. */
    @SuppressWarnings("EnumOrdinal")
    int bit() {
        return 1 << ordinal();
    }
}
