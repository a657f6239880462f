"""Piccolo's list of our tables, and where their migrations are."""

from piccolo.conf.apps import AppConfig

from server.settings import ROOT
from server.tables.alarm import Alarm
from server.tables.alert import Alert
from server.tables.alert_choice import AlertChoice
from server.tables.budget import Spent
from server.tables.claim import Claim
from server.tables.custody import Custody, MigrationSum, SafetyRun
from server.tables.invitation import Invitation
from server.tables.key import Key
from server.tables.log import LogEntry, LogNote
from server.tables.mark import Mark
from server.tables.member import Member
from server.tables.notice import Notice
from server.tables.photo import Photo
from server.tables.post import Post
from server.tables.private import Message, PrivatePart, Viewing
from server.tables.proxy import ProxyFile
from server.tables.quartier import Quartier
from server.tables.receipt import Receipt
from server.tables.reply import Reply
from server.tables.report import Report
from server.tables.session import Session
from server.tables.subscription import Subscription
from server.tables.track import Track
from server.tables.volunteer import Volunteer
from server.tables.vouching import Vouching

APP_CONFIG = AppConfig(
    app_name="palier",
    migrations_folder_path=str(ROOT / "migrations"),
    table_classes=[
        Quartier, Member, Session, Key, Invitation, Post, Track, Photo, Mark, Reply, Report, LogEntry, LogNote,
        Receipt, Claim, PrivatePart, Viewing, Message, ProxyFile, Notice, Volunteer,
        Subscription, AlertChoice, Alert, Alarm, Spent, Custody, SafetyRun, MigrationSum, Vouching,
    ],
)  # fmt: skip
