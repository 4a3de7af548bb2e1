#!/usr/bin/env bash
# Trains and scores with spark-submit on a standalone cluster of this machine, one master and two workers, and compares
# the trained model with that of ./resnet4j train. See README.md.
set -eu

project=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
example=$project/examples/spark
settings=(--model resnet8 --epochs 6 --batch-size 32 --shards 4 --seed 7)

say() { printf '\n== %s\n' "$*"; }

fail() {
    echo "run.sh: $*" >&2
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/resnet4j-spark.XXXXXX")
running=()

# Ends the processes that are still running, the last one first, and removes the temporary folder.
stop() {
    local code=$? i
    trap - EXIT HUP INT TERM
    for ((i = ${#running[@]} - 1; i >= 0; i--)); do
        kill "${running[i]}" 2>/dev/null || true
        wait "${running[i]}" 2>/dev/null || true
    done
    if [ -n "${KEEP:-}" ]; then
        say "Stopped; the files are in $work"
    else
        rm -rf "$work"
        say "Stopped; the temporary files were removed"
    fi
    exit "$code"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

command -v mvn >/dev/null || fail "Maven is required, and there is no mvn on the PATH"
say "Build: the jar for spark-submit and the command for one machine"
list=$project/spark/target/spark-jars
newest() { find "$project/pom.xml" "$project"/{library,spark}/{pom.xml,src/main} -newer "$1" -print -quit; }
find_jar() { ls "$project"/spark/target/resnet4j-spark_*-all.jar 2>/dev/null | head -n 1; }
jar=$(find_jar)
if [ -z "$jar" ] || [ ! -e "$list" ] || [ -n "$(newest "$list")" ]; then
    (cd "$project" && mvn -q -B -ntp -Dstyle.color=never package -pl spark -am -DskipTests \
        dependency:build-classpath -DincludeScope=provided -Dmdep.outputFile=target/spark-jars)
    touch "$list"
    jar=$(find_jar)
fi
"$project/resnet4j" --version
echo "$jar"

# The JDK that ./resnet4j finds is also that of Spark.
JAVA_HOME=$(RESNET4J_JAVA_OPTS=-XshowSettings:properties "$project/resnet4j" --version 2>&1 |
    sed -n 's/^ *java.home = //p')
export JAVA_HOME

if [ -n "${SPARK_HOME:-}" ]; then
    [ -x "$SPARK_HOME/bin/spark-submit" ] || fail "SPARK_HOME is $SPARK_HOME, which has no bin/spark-submit"
    say "Spark: the installation in $SPARK_HOME"
else
    say "Spark: the jars that Maven fetched"
    export SPARK_HOME=$work/spark
    mkdir -p "$SPARK_HOME/jars"
    touch "$SPARK_HOME/RELEASE"
    (IFS=:; for file in $(<"$list"); do ln -s "$file" "$SPARK_HOME/jars/"; done)
fi
export SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 SPARK_CONF_DIR=$work/conf SPARK_LOCAL_DIRS=$work/local
mkdir "$SPARK_CONF_DIR"
cat >"$SPARK_CONF_DIR/spark-defaults.conf" <<TEXT
spark.driver.host           127.0.0.1
spark.driver.bindAddress    127.0.0.1
spark.driver.memory         1g
spark.executor.memory       1g
spark.ui.enabled            false
TEXT
cat >"$SPARK_CONF_DIR/log4j2.properties" <<'TEXT'
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
logger.master.name = org.apache.spark.deploy.master
logger.master.level = info
logger.hadoop.name = org.apache.hadoop.util.NativeCodeLoader
logger.hadoop.level = error
TEXT

# Starts a program of Spark in the background. The launcher prints its command line, as bin/spark-class does with it: a
# line with a null character, and then arguments that end with one.
start() {
    local command=() argument
    while IFS= read -r -d '' argument; do
        command+=("$argument")
    done < <("$JAVA_HOME/bin/java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@" | tail -n +2)
    [ ${#command[@]} -gt 0 ] || fail "the launcher of Spark failed"
    "${command[@]}" &
    running+=($!)
}

# Runs an application in client mode and waits for its end.
submit() {
    echo "spark-submit --master $master $*"
    if [ -x "$SPARK_HOME/bin/spark-submit" ]; then
        "$SPARK_HOME/bin/spark-submit" --master "$master" "$@" &
        running+=($!)
    else
        start org.apache.spark.deploy.SparkSubmit --master "$master" "$@"
    fi
    wait "${running[${#running[@]} - 1]}"
}

# Waits until a file has a number of lines with a text.
await() {
    local i
    for ((i = 0; i < 300; i++)); do
        if [ "$(grep -c "$3" "$1")" -ge "$2" ]; then
            return
        fi
        sleep 0.2
    done
    cat "$1" >&2
    fail "no '$3' in the log above after a minute"
}

say "Cluster: a master and two workers with one core each"
touch "$work/master.log"
start org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0 2>"$work/master.log"
await "$work/master.log" 1 "Starting Spark master at"
master=$(sed -n 's/.*Starting Spark master at //p' "$work/master.log")
for worker in 1 2; do
    start org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory 1g \
        --work-dir "$work/worker$worker" "$master" 2>"$work/worker$worker.log"
done
await "$work/master.log" 2 "Registering worker"
echo "$master"

say "Pictures: three classes, drawn and copied to Parquet"
"$JAVA_HOME/bin/javac" -proc:none -d "$work/classes" -cp "$SPARK_HOME/jars/*:$jar" "$example"/*.java
"$JAVA_HOME/bin/jar" --create --file "$work/example.jar" -C "$work/classes" .
submit --class Pictures --jars "$jar" "$work/example.jar" "$work/pictures" "$work/parquet"

say "Training on the cluster"
submit --class org.resnet4j.spark.Main "$jar" train "$work/parquet" "$work/cluster" --ranks 2 "${settings[@]}"

say "Training on one machine with the same settings"
"$project/resnet4j" train --data "$work/pictures" --output "$work/single" "${settings[@]}"

say "Comparison"
cmp "$work/cluster/last/model.safetensors" "$work/single/last/model.safetensors" ||
    fail "the cluster and one machine trained different weights"
echo "The cluster and one machine trained the same weights, byte for byte:"
(cd "$work" && cksum {cluster,single}/last/model.safetensors)

say "Scoring on the cluster"
submit --class org.resnet4j.spark.Main "$jar" score "$work/cluster" "$work/parquet" "$work/scored" --partitions 4
submit --class FirstRows "$work/example.jar" "$work/scored"
