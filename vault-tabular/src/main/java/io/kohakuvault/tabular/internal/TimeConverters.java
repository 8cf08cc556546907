package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.RowWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;

/** Points in time, days and times of day. What a column's unit would cut off is refused. */
final class TimeConverters {
    private TimeConverters() {}

    /** Numbers of JSON are what the column stores: units since 1970, days, units since midnight. */
    private static boolean isStored(Cell cell) {
        return cell.kind() == Cell.Kind.NUMBER
                && cell.isNumber()
                && cell.number().isLong();
    }

    private static RecordException finer(TimeUnit unit) {
        return new RecordException("it is finer than the column's unit, "
                + switch (unit) {
                    case S -> "a second";
                    case MS -> "a millisecond";
                    case US -> "a microsecond";
                    case NS -> "a nanosecond";
                }
                + "; round it first");
    }

    /** Points in time; one that names no offset is taken for UTC. */
    static final class Timestamps implements CellConverter {
        private final String column;
        private final TimeUnit unit;

        Timestamps(String column, TimeUnit unit) {
            this.column = column;
            this.unit = unit;
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            cell.trim();
            TimeText time = cell.time();
            TimeText.Kind kind = cell.timeKind();
            if (kind == TimeText.Kind.NONE) {
                if (!isStored(cell)) {
                    throw new RecordException("it is no time in ISO 8601, as 2024-01-02T03:04:05Z is");
                }
                row.set(column, cell.number().longValue());
            } else if (kind == TimeText.Kind.DATE) {
                row.set(column, Instant.ofEpochSecond(Math.multiplyExact(time.day(), 86_400L)));
            } else if (time.fits(unit)) {
                row.set(column, time.units(unit));
            } else if (time.isWhole(unit)) {
                throw new RecordException("it is beyond what 64 bits count in the column's unit");
            } else {
                throw finer(unit);
            }
        }
    }

    /** Days. */
    static final class Dates implements CellConverter {
        private final String column;

        Dates(String column) {
            this.column = column;
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            cell.trim();
            long day;
            if (cell.timeKind() == TimeText.Kind.DATE) {
                day = cell.time().day();
            } else if (isStored(cell)) {
                day = cell.number().longValue();
            } else {
                throw new RecordException("it is no day, as 2024-01-02 is");
            }
            if ((int) day != day) {
                throw new RecordException("the day is beyond what 32 bits count");
            }
            row.set(column, day);
        }
    }

    /** Times of day. */
    static final class Times implements CellConverter {
        private final String column;
        private final TimeUnit unit;

        Times(String column, TimeUnit unit) {
            this.column = column;
            this.unit = unit;
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            cell.trim();
            if (isStored(cell)) {
                row.set(column, cell.number().longValue());
                return;
            }
            LocalTime time;
            try {
                time = LocalTime.parse(cell.text());
            } catch (DateTimeException e) {
                throw new RecordException("it is no time of day, as 03:04:05 is");
            }
            if (time.toNanoOfDay() % (1_000_000_000L / TimeText.perSecond(unit)) != 0) {
                throw finer(unit);
            }
            row.set(column, time);
        }
    }
}
