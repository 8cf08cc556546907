package io.kohakuvault.connect;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds a task's counters to the worker's own metrics, where it takes them (KIP-877, workers from 4.1): they go wherever
 * the worker's reporters bring them, and end with the task. The plugin is built against an older worker, so that this
 * is called by name.
 */
final class WorkerMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerMetrics.class);

    private WorkerMetrics() {}

    static void add(SinkTaskContext context, SinkMetrics metrics) {
        Map<String, LongSupplier> counters = new LinkedHashMap<>();
        counters.put("records-written", metrics::getRecordsWritten);
        counters.put("records-rejected", metrics::getRecordsRejected);
        counters.put("records-waiting", metrics::getRecordsWaiting);
        counters.put("offset-lag", metrics::getOffsetLag);
        counters.put("bytes-written", metrics::getBytesWritten);
        counters.put("commits", metrics::getCommits);
        counters.put("commit-time-ms", metrics::getCommitMillis);
        counters.put("commit-time-ms-max", metrics::getCommitMillisMax);
        counters.put("last-commit-time", metrics::getLastCommitTime);
        counters.put("retries", metrics::getRetries);
        counters.put("fenced", metrics::getFenced);
        try {
            Object worker = SinkTaskContext.class.getMethod("pluginMetrics").invoke(context);
            if (worker == null) {
                return;
            }
            Class<?> type = Class.forName(
                    "org.apache.kafka.common.metrics.PluginMetrics", false, MetricName.class.getClassLoader());
            Method metricName = type.getMethod("metricName", String.class, String.class, LinkedHashMap.class);
            Method addMetric = type.getMethod("addMetric", MetricName.class, MetricValueProvider.class);
            for (Map.Entry<String, LongSupplier> counter : counters.entrySet()) {
                LongSupplier value = counter.getValue();
                Object name = metricName.invoke(
                        worker,
                        counter.getKey(),
                        "what the vault sink has done since its task was started",
                        new LinkedHashMap<>());
                Gauge<Long> gauge = (config, now) -> value.getAsLong();
                addMetric.invoke(worker, name, gauge);
            }
        } catch (NoSuchMethodException | ClassNotFoundException e) {
            LOG.debug("a worker before 4.1 has no metrics of plugins: {}", e.toString());
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("the task's counters are not among the worker's metrics: {}", e.toString());
        }
    }
}
