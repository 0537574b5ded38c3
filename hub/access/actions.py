"""Every act that the audit log names: `<noun>.<verb>` in words. What does not stand here is not done by anybody."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, tuple[str, str]] = {
    "enterprise.apply": ("申请登记企业", "an enterprise applied"),
    "enterprise.register": ("登记企业", "an enterprise was registered"),
    "enterprise.renew": ("更新企业登记", "a registration was renewed"),
    "enterprise.approved": ("批准企业", "an enterprise was approved"),
    "enterprise.refused": ("拒绝企业的申请", "an enterprise was refused"),
    "enterprise.suspended": ("暂停企业", "an enterprise was suspended"),
    "mandate.offer": ("提出代理授权", "a mandate was offered"),
    "mandate.accept": ("接受代理授权", "a mandate was accepted"),
    "mandate.change": ("更改代理授权", "a mandate was changed"),
    "mandate.grant": ("管理员授予代理授权", "an administrator gave a mandate"),
    "mandate.end": ("结束代理授权", "a mandate was ended"),
    "consent.grant": ("准许查看", "a consent was given"),
    "consent.withdraw": ("撤回查看授权", "a consent was withdrawn"),
    "key.issue": ("发放密钥", "a key was issued"),
    "key.revoke": ("吊销密钥", "a key was revoked"),
    "key.refused": ("密钥被拒", "a key was refused"),
    "trade.enter": ("录入交易", "trades were entered"),
    "trade.amend": ("更正交易", "a trade was amended"),
    "trade.cancel": ("取消交易", "a trade was cancelled"),
    "paper.again": ("改报单证", "a paper was declared again"),
    "paper.leave": ("保留已发出的单证", "a paper was left as it went out"),
    "paper.drop": ("确认单证已删除", "a paper was said to be deleted"),
    "receipt.match": ("关联收汇", "money was matched"),
    "receipt.number": ("认定申报号码", "a number of the bank was tied to money"),
    "receipt.complete": ("补充申报信息", "a declaration was completed"),
    "advice.settle": ("认定冲正", "a reversal was settled"),
    "webhook.add": ("添加 webhook", "a webhook was added"),
    "webhook.remove": ("删除 webhook", "a webhook was removed"),
    "webhook.test": ("试发 webhook", "a webhook was tried out"),
    "webhook.replay": ("重发通知", "a notice was sent again"),
    "file.download": ("下载文件", "a file was downloaded"),
    "job.run": ("立即运行任务", "a job was ordered to run"),
    "job.pause": ("暂停任务", "a job was paused"),
    "job.resume": ("恢复任务", "a job was resumed"),
    "job.replay": ("重新读取", "kept messages were ordered to be read again"),
    "database.migrate": ("迁移数据库", "the database was migrated"),
}
