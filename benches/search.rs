//! What it costs to search 100,000 log records while somebody types. A frame is 33 ms.

use std::collections::VecDeque;
use std::hint::black_box;

use divan::Bencher;
use firedrill_core::projection::search::{Query, Search};
use firedrill_core::projection::view::LogRow;
use firedrill_model::{DrillTime, LogRecord, LogSource, LogText, RecordId, SafeText};

const RECORDS: u64 = 100_000;

fn main() {
    divan::main();
}

/// As logs are mixed: mostly flows and lookups, one in ten a `CloudTrail` event of a good kilobyte.
fn rows() -> VecDeque<LogRow> {
    (0..RECORDS).map(row).collect()
}

fn row(seq: u64) -> LogRow {
    let source = match seq % 10 {
        0 => LogSource::Cloudtrail,
        1..4 => LogSource::ResolverQuery,
        _ => LogSource::VpcFlow,
    };
    record(seq, source)
}

fn record(seq: u64, source: LogSource) -> LogRow {
    let (summary, raw) = match source {
        LogSource::Cloudtrail => ("sts:AssumeRole by deploy-role from 203.0.113.9".to_owned(), cloudtrail(seq)),
        LogSource::CloudtrailData => (format!("s3:GetObject invoices/{seq}.pdf by web-role"), cloudtrail(seq)),
        LogSource::ConfigCompliance => ("restricted-ssh: sg-0web is NON_COMPLIANT".to_owned(), compliance(seq)),
        LogSource::ResolverQuery => (format!("i-0a1b2c3d4e5f6{:04} asked for a name", seq % 97), resolver(seq)),
        LogSource::VpcFlow => (format!("ACCEPT 10.0.1.{} -> 10.0.1.21:8080", seq % 250), flow(seq)),
    };
    let record = LogRecord::new(
        RecordId::of("bench", seq),
        source,
        DrillTime(seq * 36_000),
        LogText::of(SafeText::new(&summary), SafeText::new(&raw)),
    );
    LogRow { seq, delivered: DrillTime(seq * 36_000), record: record.into() }
}

fn compliance(seq: u64) -> String {
    format!(
        r#"{{"version":"0","id":"{seq:032x}","detail-type":"Config Rules Compliance Change","source":"aws.config","account":"111122223333","time":"2026-11-24T14:03:02Z","region":"us-east-1","resources":[],"detail":{{"resourceId":"sg-0web","awsRegion":"us-east-1","awsAccountId":"111122223333","configRuleName":"restricted-ssh","recordVersion":"1.0","configRuleARN":"arn:aws:config:us-east-1:111122223333:config-rule/config-rule-abc","messageType":"ComplianceChangeNotification","newEvaluationResult":{{"evaluationResultIdentifier":{{"evaluationResultQualifier":{{"configRuleName":"restricted-ssh","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-0web"}},"orderingTimestamp":"2026-11-24T14:02:40Z"}},"complianceType":"NON_COMPLIANT","resultRecordedTime":"2026-11-24T14:03:01Z"}},"notificationCreationTime":"2026-11-24T14:03:02Z","resourceType":"AWS::EC2::SecurityGroup"}}}}"#
    )
}

fn flow(seq: u64) -> String {
    let (host, port) = (seq % 250, 40_000 + seq % 20_000);
    format!("2 111122223333 eni-0a1b2c3d 10.0.1.{host} 10.0.1.21 {port} 8080 6 12 3400 1764000000 1764000060 ACCEPT OK")
}

fn resolver(seq: u64) -> String {
    let name = if seq.is_multiple_of(5_003) { "pool.minexmr.example" } else { "sts.us-east-1.amazonaws.com" };
    format!(
        r#"{{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-0a1b2c3d","query_timestamp":"2026-11-24T14:03:02Z","query_name":"{name}.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{{"Rdata":"10.0.0.7","Type":"A","Class":"IN"}}],"srcaddr":"10.0.1.31","srcport":"{}","transport":"UDP","srcids":{{"instance":"i-0a1b2c3d4e5f60001"}}}}"#,
        30_000 + seq % 30_000
    )
}

fn cloudtrail(seq: u64) -> String {
    let padding =
        r#""additionalEventData":{"note":"as long as such events are","more":["one","two","three"]},"#.repeat(9);
    format!(
        r#"{{"eventVersion":"1.09","userIdentity":{{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/web-role/i-0a1"}},{padding}"eventTime":"2026-11-24T14:03:02Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","requestID":"{seq:032x}"}}"#
    )
}

fn searched(rows: &VecDeque<LogRow>, typed: &str) -> Search {
    let mut search = Search::default();
    search.look(rows, 0, Query::new(typed, None));
    search
}

/// A drill is taken up again with all its records, and a picture is drawn before anything is typed: a part is made ready.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn ahead_of_the_first_letter(bencher: Bencher) {
    let rows = rows();
    bencher.bench_local(|| {
        let mut search = Search::default();
        black_box(search.look(&rows, 0, Query::default()).len());
        search
    });
}

/// A search of everything: words that are nowhere, rare, in every tenth record, everywhere.
#[divan::bench(args = ["zzz", "minexmr", "assumerole", "e", "eeeee", "10.0.1.31 -accept"], sample_count = 50, sample_size = 1)]
fn everything(bencher: Bencher, typed: &str) {
    let rows = rows();
    let search = searched(&rows, "q");
    bencher
        .with_inputs(|| search.clone())
        .bench_local_refs(|search| black_box(search.look(&rows, 0, Query::new(black_box(typed), None)).len()));
}

/// All records are of one log; the word is nowhere, so that each is read to its end. Records of `CloudTrail` are the longest.
#[divan::bench(args = [LogSource::Cloudtrail, LogSource::CloudtrailData, LogSource::ConfigCompliance, LogSource::ResolverQuery, LogSource::VpcFlow], sample_count = 50, sample_size = 1)]
fn one_log_alone(bencher: Bencher, source: LogSource) {
    let rows: VecDeque<LogRow> = (0..RECORDS).map(|seq| record(seq, source)).collect();
    let search = searched(&rows, "q");
    bencher
        .with_inputs(|| search.clone())
        .bench_local_refs(|search| black_box(search.look(&rows, 0, Query::new(black_box("zzz"), Some(source))).len()));
}

/// One letter more: only what was found before is looked at.
#[divan::bench(args = [("i", "in"), ("assum", "assume"), ("pool.mine", "pool.minex")], sample_count = 50, sample_size = 1)]
fn narrowing(bencher: Bencher, (before, typed): (&str, &str)) {
    let rows = rows();
    let search = searched(&rows, before);
    bencher
        .with_inputs(|| search.clone())
        .bench_local_refs(|search| black_box(search.look(&rows, 0, Query::new(black_box(typed), None)).len()));
}

/// Nothing was typed and a record has arrived.
#[divan::bench]
fn one_record_more(bencher: Bencher) {
    let mut rows = rows();
    let mut search = searched(&rows, "assume");
    let mut next = RECORDS;
    bencher.bench_local(|| {
        rows.push_back(row(next));
        next += 1;
        black_box(search.look(&rows, 0, Query::new("assume", None)).len())
    });
}
