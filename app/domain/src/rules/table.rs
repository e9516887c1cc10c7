//! The table: which rule decides which kind. A phone needs those of what its person can do; a module
//! that never names the office's does not hold them.

use super::{Context, Effect, Loaded, Stop};
use super::{
    appeals, asked, asking, commitments, consultations, contributions, documents, entering, flags,
    forwarding, merging, moderation, office, polls, sharing, support, surveys, templates, texts, views,
};
use crate::operations::{Action, Kinds, Operation};
use crate::receipts::Refusal;
use crate::scopes::Key;

/// The rules of some kinds.
#[derive(Clone, Copy)]
pub struct Rules {
    pub(super) reads: fn(&Operation, &Loaded) -> Vec<Key>,
    pub(super) effect: fn(&Operation, &Loaded, Context<'_>) -> Result<Effect, Stop>,
    /// The kinds that are met where they are run.
    pub kinds: Kinds,
}

impl Rules {
    /// Of what participants do that a device foresees; whatever else is not permitted. Ballots,
    /// answers to surveys, and what is pointed at change nothing that anybody sees, and an appeal waits for
    /// others: that one is on its way, the outbox tells.
    pub const PARTICIPANTS: Self =
        Self { reads: participants_read, effect: participants_do, kinds: Kinds::PARTICIPANTS };

    /// Of what offices do too.
    pub const OFFICE: Self = Self { reads: office_reads, effect: office_does, kinds: Kinds::ALL };

    /// Of every kind.
    pub const ALL: Self = Self { reads: all_read, effect: all_do, kinds: Kinds::ALL };
}

fn participants_read(operation: &Operation, loaded: &Loaded) -> Vec<Key> {
    match &operation.action {
        Action::Propose(propose) => contributions::propose_reads(operation, propose),
        Action::Comment(comment) => contributions::comment_reads(operation, comment),
        Action::Amend(amend) => texts::amend_reads(operation, amend),
        Action::Support(support) => support::reads(operation, support, loaded),
        Action::Withdraw(withdraw) => contributions::withdraw_reads(operation, withdraw),
        Action::Reply(reply) => asking::reply_reads(operation, reply, loaded),
        _ => Vec::new(),
    }
}

fn participants_do(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Result<Effect, Stop> {
    match &operation.action {
        Action::Propose(propose) => contributions::propose(operation, propose, loaded, context),
        Action::Comment(comment) => contributions::comment(operation, comment, loaded, context),
        Action::Amend(amend) => texts::amend(operation, amend, loaded, context),
        Action::Support(support) => support::support(operation, support, loaded, context),
        Action::Withdraw(withdraw) => contributions::withdraw(operation, withdraw, loaded),
        Action::Reply(reply) => asking::reply(operation, reply, loaded, context),
        _ => Err(Refusal::NotPermitted.into()),
    }
}

fn office_reads(operation: &Operation, loaded: &Loaded) -> Vec<Key> {
    let community = &operation.community;
    let views = |consultation, record| views::reads(community, consultation, record, loaded);
    match &operation.action {
        Action::Answer(it) => views(it.consultation, it.record),
        Action::Mark(it) => views(it.consultation, it.record),
        Action::Ask(it) => views(it.consultation, it.record),
        Action::Note(it) => views(it.consultation, it.record),
        Action::Blot(it) => views(it.consultation, it.record),
        Action::File(it) => {
            let mut keys = views(it.consultation, it.record);
            keys.push(Key::community(community));
            keys
        }
        Action::Merge(merge) => merging::merge_reads(community, merge, loaded),
        Action::Unmerge(unmerge) => merging::unmerge_reads(community, unmerge, loaded),
        Action::Forward(forward) => forwarding::forward_reads(community, forward, loaded),
        Action::Approve(it) => views(it.consultation, it.record),
        Action::Hide(hide) => moderation::hide_reads(community, hide, loaded),
        Action::Keep(keep) => flags::keep_reads(community, keep),
        Action::SettleRules(_) => vec![Key::community(community)],
        Action::KeepTemplate(keep) => vec![templates::keep_key(operation, keep)],
        Action::DropTemplate(drop) => vec![templates::key(community, drop.template)],
        Action::DecideAppeal(it) => appeals::decide_reads(community, it, loaded),
        Action::OpenConsultation(open) => consultations::open_reads(community, open),
        Action::Join(join) => sharing::join_reads(operation, join, loaded),
        Action::Decline(it) => vec![sharing::invitation_key(community, it.consultation)],
        Action::CloseConsultation(close) => vec![Key::consultation(community, close.consultation)],
        Action::Conclude(conclude) => consultations::conclude_reads(community, conclude, loaded),
        Action::Commit(commit) => commitments::commit_reads(community, commit, loaded),
        Action::ReportProgress(report) => commitments::report_reads(community, report),
        Action::AttachDocument(attach) => documents::attach_reads(community, attach),
        Action::DetachDocument(detach) => documents::detach_reads(community, detach),
        Action::PublishText(publish) => texts::publish_reads(community, publish),
        Action::OpenPoll(open) => asked::open_reads(community, open.consultation),
        Action::OpenSurvey(open) => asked::open_reads(community, open.consultation),
        Action::Enter(enter) => entering::enter_reads(operation, enter, loaded, participants_read),
        _ => participants_read(operation, loaded),
    }
}

fn office_does(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Result<Effect, Stop> {
    let community = &operation.community;
    match &operation.action {
        Action::Answer(answer) => office::answer(community, answer, loaded, context),
        Action::Mark(mark) => office::mark(community, mark, loaded, context),
        Action::Ask(ask) => asking::ask(community, ask, loaded, context),
        Action::File(file) => office::file(community, file, loaded, context),
        Action::Note(note) => office::note(community, note, loaded, context),
        Action::Blot(blot) => office::blot(community, blot, loaded),
        Action::Merge(merge) => merging::merge(community, merge, loaded),
        Action::Unmerge(unmerge) => merging::unmerge(community, unmerge, loaded),
        Action::Forward(forward) => forwarding::forward(community, forward, loaded, context),
        Action::Approve(approve) => moderation::approve(community, approve, loaded),
        Action::Hide(hide) => moderation::hide(community, hide, loaded, context),
        Action::Keep(keep) => Ok(flags::keep(community, keep, loaded)),
        Action::DecideAppeal(it) => appeals::decide(community, it, loaded, context),
        Action::SettleRules(it) => moderation::settle(community, it, loaded, context),
        Action::KeepTemplate(keep) => Ok(templates::keep(operation, keep, loaded, context)),
        Action::DropTemplate(drop) => templates::drop(community, drop, loaded, context),
        Action::OpenConsultation(open) => consultations::open(operation, open, loaded, context),
        Action::Join(join) => sharing::join(operation, join, loaded, context),
        Action::Decline(decline) => sharing::decline(community, decline, loaded),
        Action::CloseConsultation(close) => consultations::close(community, close, loaded, context),
        Action::Conclude(conclude) => consultations::conclude(community, conclude, loaded, context),
        Action::Commit(commit) => commitments::commit(operation, commit, loaded, context),
        Action::ReportProgress(report) => commitments::report(community, report, loaded, context),
        Action::AttachDocument(attach) => documents::attach(operation, attach, loaded, context),
        Action::DetachDocument(detach) => documents::detach(community, detach, loaded, context),
        Action::PublishText(publish) => texts::publish(operation, publish, loaded, context),
        Action::OpenPoll(open) => polls::open(operation, open, loaded, context),
        Action::OpenSurvey(open) => surveys::open(operation, open, loaded, context),
        Action::Enter(enter) => entering::enter(operation, enter, loaded, context, participants_do),
        _ => participants_do(operation, loaded, context),
    }
}

fn all_read(operation: &Operation, loaded: &Loaded) -> Vec<Key> {
    match &operation.action {
        Action::Cast(cast) => polls::cast_reads(operation, cast),
        Action::Respond(respond) => surveys::respond_reads(operation, respond, loaded),
        Action::Flag(flag) => flags::flag_reads(&operation.community, flag, loaded),
        Action::Appeal(appeal) => appeals::appeal_reads(operation, appeal),
        Action::Enter(enter) => entering::enter_reads(operation, enter, loaded, all_read),
        Action::TakeBack(it) => entering::take_back_reads(operation, it, loaded),
        Action::AppealFor(it) => entering::appeal_reads(operation, it, loaded),
        Action::Count(count) => polls::count_reads(&operation.community, count, loaded),
        Action::Share(share) => sharing::share_reads(operation, share),
        Action::Deliver(deliver) => forwarding::deliver_reads(operation, deliver, loaded),
        Action::ConfirmDelivery(it) => forwarding::confirm_reads(&operation.community, it, loaded),
        Action::PublishResults(publish) => surveys::publish_reads(&operation.community, publish, loaded),
        _ => office_reads(operation, loaded),
    }
}

fn all_do(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Result<Effect, Stop> {
    match &operation.action {
        Action::Cast(cast) => polls::cast(operation, cast, loaded, context),
        Action::Respond(respond) => surveys::respond(operation, respond, loaded, context),
        Action::Flag(flag) => flags::flag(operation, flag, loaded, context),
        Action::Appeal(appeal) => appeals::appeal(operation, appeal, loaded, context),
        Action::Enter(enter) => entering::enter(operation, enter, loaded, context, all_do),
        Action::TakeBack(it) => entering::take_back(operation, it, loaded, context),
        Action::AppealFor(it) => entering::appeal(operation, it, loaded, context),
        Action::Count(count) => polls::count(&operation.community, count, loaded, context),
        Action::Share(share) => sharing::share(operation, share, loaded, context),
        Action::Deliver(deliver) => forwarding::deliver(operation, deliver, loaded, context),
        Action::ConfirmDelivery(it) => forwarding::confirm(&operation.community, it, loaded),
        Action::PublishResults(publish) => surveys::publish(&operation.community, publish, loaded, context),
        _ => office_does(operation, loaded, context),
    }
}
