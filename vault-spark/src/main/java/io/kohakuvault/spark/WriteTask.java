package io.kohakuvault.spark;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/**
 * What all tasks of a writing know.
 *
 * @param job its name
 * @param directory where the files go
 * @param target the one file, empty for files of tasks
 * @param table the table's name
 * @param types the columns as Spark gives them
 * @param columns the columns as the file has them, as texts
 * @param partitionBy columns by whose values files are put into directories
 * @param isGuarded whether files are guarded
 * @param zone the session's time zone, in which directories are named after points in time
 */
record WriteTask(
        String job,
        String directory,
        String target,
        String table,
        StructType types,
        ArrayList<String[]> columns,
        ArrayList<String> partitionBy,
        boolean isGuarded,
        String zone)
        implements Serializable {

    /** A schema as texts, which can be sent. */
    static ArrayList<String[]> texts(Schema schema) {
        ArrayList<String[]> texts = new ArrayList<>();
        for (SchemaColumn column : schema.columns()) {
            texts.add(new String[] {
                column.name(),
                column.dtype().token(),
                column.logicalType().map(LogicalType::token).orElse(""),
                Boolean.toString(column.nullable())
            });
        }
        return texts;
    }

    Schema schema() {
        List<SchemaColumn> list = new ArrayList<>();
        for (String[] text : columns) {
            list.add(new SchemaColumn(
                    text[0],
                    DType.parse(text[1]),
                    text[2].isEmpty() ? java.util.Optional.empty() : LogicalType.parse(text[2]),
                    Boolean.parseBoolean(text[3])));
        }
        return new Schema(list);
    }

    Path staging() {
        return new CommitLog(Path.of(directory)).staging(job);
    }

    /**
     * What a task has written.
     *
     * @param files the files below the job's staging directory, and their places below the directory
     */
    record Written(ArrayList<String[]> files) implements WriterCommitMessage {}
}
